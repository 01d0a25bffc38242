package io.weir.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Every promise in docs/guarantees.md names a test that exists. */
class GuaranteesDocumentTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern REFERENCE = Pattern.compile("`(\\w+)#(\\w+)`");

	@Test
	void everyTestThatIsNamedExists() throws IOException {
		List<MatchResult> references = REFERENCE.matcher(Files.readString(ROOT.resolve("docs/guarantees.md")))
			.results()
			.toList();
		assertThat(references).hasSizeGreaterThan(30);
		assertThat(references).allSatisfy((reference) -> {
			String source = source(reference.group(1));
			assertThat(source).as(reference.group()).contains("void " + reference.group(2) + "(");
		});
	}

	private static String source(String testClass) throws IOException {
		try (Stream<Path> modules = Files.list(ROOT)) {
			for (Path tests : modules.map((module) -> module.resolve("src/test/java"))
				.filter(Files::isDirectory)
				.toList()) {
				try (Stream<Path> files = Files.walk(tests)) {
					List<Path> found = files.filter((file) -> file.endsWith(testClass + ".java")).toList();
					if (!found.isEmpty()) {
						return Files.readString(found.get(0));
					}
				}
			}
		}
		throw new AssertionError("There is no test class " + testClass);
	}

}
