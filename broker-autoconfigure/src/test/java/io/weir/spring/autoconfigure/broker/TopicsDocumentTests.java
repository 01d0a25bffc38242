package io.weir.spring.autoconfigure.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/topics.md} shows can be copied. */
class TopicsDocumentTests {

	@Test
	void configurationIsTakenAsItStands() throws IOException {
		List<PropertySource<?>> shown = new YamlPropertySourceLoader().load("docs/topics.md", new ByteArrayResource(
				yaml(Files.readString(Path.of("..", "docs", "topics.md"))).getBytes(StandardCharsets.UTF_8)));
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirEmbeddedBrokerAutoConfiguration.class))
			.withPropertyValues("weir.embedded.enabled=true")
			.withInitializer((context) -> shown.forEach(context.getEnvironment().getPropertySources()::addLast))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(WeirBrokerProperties.class).topicDefaults())
					.extracting(WeirTopicDefaults::pattern)
					.containsExactly("audit.*", "*");
			});
	}

	private static String yaml(String document) {
		Matcher matcher = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(document);
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

}
