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

import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.autoconfigure.common.WeirPropertyNamesAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class TopicDefaultsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirPropertyNamesAutoConfiguration.class,
				WeirEmbeddedBrokerAutoConfiguration.class))
		.withPropertyValues("weir.embedded.enabled=true");

	@Test
	void nameThatIsWrongIsRefusedWithTheNearestOne() {
		this.runner.withPropertyValues("weir.broker.topic-defaults[0].subscription.dead-leter-topic=failures")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription()).contains(
					"weir.broker.topic-defaults[0].subscription.dead-leter-topic",
					"weir.broker.topic-defaults[0].subscription.dead-letter-topic"));
	}

	@Test
	void whatTheDocumentShowsIsTakenAsItStands() throws IOException {
		List<PropertySource<?>> shown = new YamlPropertySourceLoader().load("docs/topics.md", new ByteArrayResource(
				yaml(Files.readString(Path.of("..", "docs", "topics.md"))).getBytes(StandardCharsets.UTF_8)));
		this.runner.withInitializer((context) -> shown.forEach(context.getEnvironment().getPropertySources()::addLast))
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
