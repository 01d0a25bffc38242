package io.weir.starter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ByteArrayResource;

import io.weir.spring.autoconfigure.WeirProperties;
import io.weir.spring.autoconfigure.common.WeirPropertyNamesAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/** What docs/spring/configuration.md says of properties is so. */
class ConfigurationDocumentTests {

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(weir\\.[^`]+)` \\| (?:`([^`]*)`)? ?\\| (.+) \\|$");

	private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");

	private final String page = read();

	@Test
	void tableHasEveryPropertyWithItsDefaultAndMeaning() {
		Map<String, List<String>> said = new TreeMap<>();
		ROW.matcher(this.page)
			.results()
			.forEach((row) -> said.put(row.group(1), List.of(String.valueOf(row.group(2)), row.group(3))));
		Map<String, List<String>> there = new TreeMap<>();
		ConfigurationMetadataTests.load().forEach((name, property) -> {
			if (!name.startsWith("weir.broker.")) {
				there.put(name, List.of(defaultValue(property), property.path("description").asString()));
			}
		});
		assertThat(said).isEqualTo(there);
	}

	private static String defaultValue(JsonNode property) {
		return property.path("defaultValue").asString("null");
	}

	@Test
	void examplesAreTaken() throws IOException {
		List<String> examples = YAML.matcher(this.page).results().map((example) -> example.group(1)).toList();
		assertThat(examples).isNotEmpty();
		for (String example : examples) {
			var source = new YamlPropertySourceLoader()
				.load("example", new ByteArrayResource(example.getBytes(StandardCharsets.UTF_8)))
				.get(0);
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(WeirPropertyNamesAutoConfiguration.class))
				.withUserConfiguration(Bound.class)
				.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(source))
				.run((context) -> assertThat(context).as(example).hasNotFailed().hasSingleBean(WeirProperties.class));
		}
	}

	private static String read() {
		try {
			return Files.readString(Path.of("../docs/spring/configuration.md"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(WeirProperties.class)
	static class Bound {

	}

}
