package io.weir.starter;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

import io.weir.spring.autoconfigure.WeirProperties;
import io.weir.spring.autoconfigure.broker.WeirBrokerProperties;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.autoconfigure.common.WeirPropertyNamesAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every duration among the properties follows the rule of
 * {@link io.weir.time.DurationRange}.
 */
class DurationPropertiesTests {

	private static final List<String> NEVER_ALLOWED = List.of("PT-2562047788015215H-30M-8S", "PT-0.000000001S",
			"PT8760H0.000000001S", "PT2562047788015215H30M7S", "9223372036854775807d");

	private static final List<String> PERHAPS_ALLOWED = List.of("0s", "1ns", "1ms", "10s", "3m", "25d", "365d");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirPropertyNamesAutoConfiguration.class))
		.withUserConfiguration(Bound.class)
		.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String",
				"weir.consumers.orders.topic=orders", "weir.consumers.orders.subscription=audit",
				"weir.consumers.orders.type=java.lang.String");

	static List<String> keys() {
		var scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
		List<String> keys = new ArrayList<>();
		scanner.findCandidateComponents("io.weir.spring").forEach((definition) -> {
			Class<?> type = ClassUtils.resolveClassName(String.valueOf(definition.getBeanClassName()), null);
			if (type.getPackageName().startsWith("io.weir.spring.autoconfigure") && type.getDeclaringClass() == null) {
				collect(type, type.getAnnotation(ConfigurationProperties.class).value(), keys);
			}
		});
		return keys;
	}

	private static void collect(Class<?> type, String path, List<String> keys) {
		for (RecordComponent component : type.getRecordComponents()) {
			String key = path + "." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			if (component.getType() == Duration.class) {
				keys.add(key);
			}
			else if (component.getType().isRecord()) {
				collect(component.getType(), key, keys);
			}
			else if (component.getType() == Map.class) {
				var types = (ParameterizedType) component.getGenericType();
				if (types.getActualTypeArguments()[1] instanceof Class<?> entry && entry.isRecord()) {
					collect(entry, key + ".orders", keys);
				}
			}
		}
	}

	@Test
	void everyKindOfPropertyIsFound() {
		assertThat(keys()).contains("weir.client.connect-timeout", "weir.client.pool.borrow-timeout",
				"weir.producers.orders.batch.linger", "weir.consumers.orders.retry.backoff.max",
				"weir.listener.shutdown-timeout", "weir.listeners.orders.ack-timeout",
				"weir.broker.limits.producer-name-expiry");
	}

	@ParameterizedTest
	@MethodSource("keys")
	void durationThatNothingCanHoldFailsNamingKeyValueAndWhatIsAllowed(String key) {
		for (String value : NEVER_ALLOWED) {
			this.runner.withPropertyValues(key + "=" + value).run((context) -> {
				assertThat(context).as(value).hasFailed();
				FailureAnalysis analysis = FailureAnalyses.of(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains(key)
					.contains(value)
					.containsPattern("must be from \\w+ to \\w+");
			});
		}
	}

	@ParameterizedTest
	@MethodSource("keys")
	void durationAtALimitIsTakenOrFailsNamingTheKey(String key) {
		List<String> taken = new ArrayList<>();
		for (String value : PERHAPS_ALLOWED) {
			this.runner.withPropertyValues(key + "=" + value).run((context) -> {
				if (context.getStartupFailure() == null) {
					taken.add(value);
				}
				else {
					assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription()).contains(key)
						.contains("must ");
				}
			});
		}
		assertThat(taken).isNotEmpty();
	}

	@Test
	void connectTimeoutThatNettyCannotHoldFails() {
		this.runner.withPropertyValues("weir.client.connect-timeout=25d")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("weir.client.connect-timeout")
				.contains("must be from 1ms to 24d"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties({ WeirProperties.class, WeirBrokerProperties.class })
	static class Bound {

	}

}
