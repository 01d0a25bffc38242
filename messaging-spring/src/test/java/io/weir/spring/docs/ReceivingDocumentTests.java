package io.weir.spring.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReceivingDocumentTests {

	private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

	@ParameterizedTest
	@CsvSource({ "receiving, DocumentedListeners", "errors, DocumentedListeners", "sending, DocumentedSending" })
	void theCodeOfThePageIsThatOfTheTests(String page, String source) throws IOException {
		String compiled = withoutIndentation(
				Files.readString(Path.of("src/test/java/io/weir/spring/docs/" + source + ".java")));
		List<String> documented = CODE.matcher(Files.readString(Path.of("../docs/spring/" + page + ".md")))
			.results()
			.map((block) -> block.group(1))
			.toList();
		assertThat(documented).isNotEmpty()
			.allSatisfy((code) -> assertThat(compiled).contains(withoutIndentation(code)));
	}

	private static String withoutIndentation(String code) {
		return code.lines().map(String::strip).reduce("", (before, line) -> before + line + "\n");
	}

}
