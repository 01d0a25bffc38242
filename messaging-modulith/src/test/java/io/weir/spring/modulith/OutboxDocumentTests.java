package io.weir.spring.modulith;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxDocumentTests {

	private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

	@Test
	void theCodeOfThePageIsThatOfTheTests() throws IOException {
		StringBuilder compiled = new StringBuilder();
		try (Stream<Path> files = Files.list(Path.of("src/test/java/io/weir/spring/modulith/shop"))) {
			for (Path file : files.toList()) {
				compiled.append(withoutIndentation(Files.readString(file)));
			}
		}
		List<String> documented = CODE.matcher(Files.readString(Path.of("../docs/spring/outbox.md")))
			.results()
			.map((block) -> block.group(1))
			.toList();
		assertThat(documented).hasSize(4).allSatisfy((code) -> assertThat(compiled).contains(withoutIndentation(code)));
	}

	private static String withoutIndentation(String code) {
		return code.lines().map(String::strip).reduce("", (before, line) -> before + line + "\n");
	}

}
