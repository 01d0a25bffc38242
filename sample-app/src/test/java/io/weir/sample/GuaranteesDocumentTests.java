package io.weir.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every promise in docs/guarantees.md and every limit in docs/limits.md names a test that
 * exists, as docs/comparison.md does.
 */
class GuaranteesDocumentTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern REFERENCE = Pattern.compile("`(\\w+)#(\\w+)`");

	private static final Pattern SOURCE = Pattern.compile("\\.(java|kt)$");

	private static final Map<String, String> SOURCES = readSources();

	private static final Pattern DASHES = Pattern.compile("[|\\s:-]+");

	@ParameterizedTest
	@ValueSource(strings = { "guarantees.md", "limits.md", "comparison.md" })
	void everyTestThatIsNamedExists(String document) throws IOException {
		List<MatchResult> references = REFERENCE.matcher(Files.readString(ROOT.resolve("docs").resolve(document)))
			.results()
			.toList();
		assertThat(references).hasSizeGreaterThan(15);
		assertThat(references).allSatisfy((reference) -> {
			String source = source(reference.group(1));
			assertThat(source).as(reference.group()).containsPattern("(void|fun) " + reference.group(2) + "\\(");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "guarantees.md", "limits.md" })
	void everyRowOfATableNamesATest(String document) throws IOException {
		List<String> rows = rows(Files.readString(ROOT.resolve("docs").resolve(document)));
		assertThat(rows).hasSizeGreaterThan(30);
		assertThat(rows).allMatch((row) -> REFERENCE.matcher(row).find());
	}

	/** The rows of all tables, without what stands above the dashes. */
	private static List<String> rows(String document) {
		List<String> rows = new ArrayList<>();
		boolean body = false;
		for (String line : document.split("\\R")) {
			body = line.startsWith("|") && (body || DASHES.matcher(line).matches());
			if (body && !DASHES.matcher(line).matches()) {
				rows.add(line);
			}
		}
		return rows;
	}

	/** Of all classes of that name: some names are those of one in each module. */
	private static String source(String testClass) {
		assertThat(SOURCES).as("test classes").containsKey(testClass);
		return SOURCES.get(testClass);
	}

	/** All tests of all modules, by the name of their class. */
	private static Map<String, String> readSources() {
		Map<String, String> sources = new HashMap<>();
		try (Stream<Path> modules = Files.list(ROOT)) {
			for (Path tests : modules
				.flatMap((module) -> Stream.of(module.resolve("src/test/java"), module.resolve("src/test/kotlin")))
				.filter(Files::isDirectory)
				.toList()) {
				try (Stream<Path> files = Files.walk(tests)) {
					for (Path file : files.filter((path) -> SOURCE.matcher(path.toString()).find()).toList()) {
						sources.merge(SOURCE.matcher(file.getFileName().toString()).replaceFirst(""),
								Files.readString(file), String::concat);
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return sources;
	}

}
