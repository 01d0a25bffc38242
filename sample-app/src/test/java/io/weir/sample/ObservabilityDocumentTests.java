package io.weir.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoEndpoint;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;
import io.weir.spring.observation.WeirObservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * docs/spring/observability.md names what an application shows, and nothing else. All is
 * taken from one application that has everything.
 */
class ObservabilityDocumentTests {

	private static final Pattern ROW = Pattern.compile("(?m)^\\| (`.+) \\|$");

	private static final Pattern NAME = Pattern
		.compile("`((?:weir|management\\.(?:health|info))\\.[a-z0-9.-]+)(?:=[^`]*)?`");

	private static final String PAGE = read();

	private static final Broker broker = Broker.builder().inProcess().build();

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void run() {
		String url = broker.start().serviceUrl();
		SpringApplication application = new SpringApplication(Everything.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		context = application.run("--weir.client.service-url=" + url, "--weir.clients.reports.service-url=" + url,
				"--weir.consumers.audit.topic=orders", "--weir.consumers.audit.subscription=audit",
				"--weir.consumers.audit.type=java.lang.String", "--management.endpoints.web.exposure.include=*",
				"--management.endpoints.access.default=unrestricted");
		Everything everything = context.getBean(Everything.class);
		context.getBean(WeirTemplate.class).send("orders", "one");
		await().until(() -> everything.observed.size() == 2);
	}

	@AfterAll
	static void end() {
		context.close();
		broker.close();
	}

	@Test
	void metersAreThoseOfTheApplication() {
		Map<String, String> there = new TreeMap<>();
		context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith("weir."))
			.forEach((meter) -> there.put(meter.getId().getName(), row(meter)));
		assertThat(lines(rows("Meters", "What the broker measures"))).isEqualTo(lines(there.values()));
	}

	private static String row(Meter meter) {
		Meter.Id id = meter.getId();
		String unit = (id.getBaseUnit() != null) ? id.getBaseUnit() : "";
		String description = (id.getDescription() != null) ? id.getDescription()
				: "The observation of this name" + (id.getName().endsWith(".active") ? ", while it lasts" : "");
		return "`" + id.getName() + "` | " + id.getType().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " | "
				+ code(id.getTags().stream().map(Tag::getKey).toList()) + " | " + unit + " | " + description;
	}

	@Test
	void observationsAreThoseOfTheApplication() {
		Map<String, String> observed = context.getBean(Everything.class).observed;
		assertThat(observed).hasSameSizeAs(WeirObservation.values());
		assertThat(lines(rows("Observations"))).isEqualTo(lines(observed.values()));
	}

	@Test
	void headersAreThoseThatListenersFind() {
		Set<String> there = Arrays.stream(WeirHeaders.class.getFields())
			.map(ObservabilityDocumentTests::value)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(names("Headers")).isEqualTo(there);
	}

	private static String value(Field constant) {
		try {
			return String.valueOf(constant.get(null));
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void healthHasTheseComponents() {
		CompositeHealthDescriptor health = (CompositeHealthDescriptor) context.getBean(HealthEndpoint.class).health();
		Set<String> there = new TreeSet<>();
		health.getComponents().forEach((name, component) -> {
			if (name.startsWith("weir")) {
				there.add(name);
				if (component instanceof CompositeHealthDescriptor parts) {
					parts.getComponents().keySet().forEach((part) -> there.add(name + "/" + part));
				}
			}
		});
		assertThat(names("Health")).isEqualTo(there);
	}

	@Test
	void infoHasTheseKeys() {
		Map<?, ?> weir = (Map<?, ?>) context.getBean(InfoEndpoint.class).info().get("weir");
		Set<String> there = weir.keySet().stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
		// In jars only.
		there.add("version");
		assertThat(names("Info")).isEqualTo(there);
	}

	@Test
	void endpointsAreThoseOfTheApplication() {
		Set<String> there = Arrays.stream(context.getBeanNamesForAnnotation(Endpoint.class))
			.map((bean) -> Objects.requireNonNull(context.findAnnotationOnBean(bean, Endpoint.class)).id())
			.filter((id) -> id.startsWith("weir"))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(names("Endpoints")).isEqualTo(there);
	}

	@Test
	void everyOtherNameIsThatOfAPropertyOrAKey() throws IOException {
		Set<String> known = properties();
		Arrays.stream(WeirObservation.Keys.values()).map(WeirObservation.Keys::asString).forEach(known::add);
		rows("Meters", "What the broker measures").forEach((row) -> known.add(name(row)));
		Set<String> said = NAME.matcher(PAGE).results().map((name) -> name.group(1)).collect(Collectors.toSet());
		said.removeAll(known);
		assertThat(said).as("names that nobody knows").isEmpty();
	}

	private static Set<String> properties() throws IOException {
		Set<String> names = new TreeSet<>();
		for (URL metadata : Collections.list(ObservabilityDocumentTests.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json"))) {
			JsonMapper.shared()
				.readTree(metadata.openStream())
				.path("properties")
				.forEach((property) -> names.add(property.path("name").asString()));
		}
		return names;
	}

	private static String code(Collection<String> names) {
		return names.stream().sorted().map((name) -> "`" + name + "`").collect(Collectors.joining(", "));
	}

	private static String lines(Collection<String> rows) {
		return rows.stream().sorted().map((row) -> "| " + row + " |").collect(Collectors.joining("\n"));
	}

	/** The names in the first column of a section's table. */
	private static Set<String> names(String section) {
		return rows(section).stream()
			.map((row) -> row.substring(0, row.indexOf(" |")))
			.flatMap((cell) -> Arrays.stream(cell.split(", ")))
			.map(ObservabilityDocumentTests::name)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String name(String row) {
		return row.substring(1, row.indexOf('`', 1));
	}

	private static List<String> rows(String... sections) {
		List<String> rows = new ArrayList<>();
		for (String section : sections) {
			int start = PAGE.indexOf("\n## " + section + "\n");
			assertThat(start).as(section).isPositive();
			int end = PAGE.indexOf("\n## ", start + 1);
			ROW.matcher(PAGE.substring(start, (end > 0) ? end : PAGE.length()))
				.results()
				.forEach((row) -> rows.add(row.group(1)));
		}
		return rows;
	}

	private static String read() {
		try {
			return Files.readString(Path.of("../docs/spring/observability.md"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Everything {

		final Map<String, String> observed = new ConcurrentSkipListMap<>();

		/** One that is started already, and looked at as one of the application's. */
		@Bean(destroyMethod = "")
		Broker broker() {
			return broker;
		}

		@Bean
		ObservationHandler<Observation.Context> observed() {
			return new ObservationHandler<>() {

				@Override
				public void onStop(Observation.Context context) {
					String name = String.valueOf(context.getName());
					if (name.startsWith("weir.")) {
						Everything.this.observed.put(name,
								"`" + name + "` | `" + context.getContextualName() + "` | "
										+ keys(context.getLowCardinalityKeyValues()) + " | "
										+ keys(context.getHighCardinalityKeyValues()));
					}
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			};
		}

		private static String keys(KeyValues values) {
			return code(values.stream().map((value) -> value.getKey()).toList());
		}

		@WeirListener(id = "billing", topics = "orders", initialPosition = "earliest")
		void onOrder(String order) {
		}

	}

}
