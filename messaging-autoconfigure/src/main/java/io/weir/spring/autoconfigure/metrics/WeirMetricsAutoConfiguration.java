package io.weir.spring.autoconfigure.metrics;

import java.time.InstantSource;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.client.WeirClient;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.WeirClientCustomizer;
import io.weir.spring.WeirClients;
import io.weir.spring.autoconfigure.WeirProperties;
import io.weir.spring.listener.WeirListenerRegistry;

/**
 * Auto-configuration of the meters of the client, its stream pools, the listeners and
 * consumers.
 */
@AutoConfiguration(after = WeirAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass({ WeirClient.class, MeterRegistry.class })
@ConditionalOnBean({ WeirClient.class, MeterRegistry.class })
public final class WeirMetricsAutoConfiguration {

	WeirMetricsAutoConfiguration() {
	}

	@Bean
	WeirClientCustomizer weirPoolMetricsCustomizer(MeterRegistry registry) {
		return (client) -> client.poolListener((pool) -> new PoolEvents(registry, pool));
	}

	@Bean
	@ConditionalOnMissingBean
	ClientMeters weirClientMeters(WeirClients clients) {
		return new ClientMeters(clients.all());
	}

	@Bean
	@ConditionalOnMissingBean
	ConsumerMeters weirConsumerMeters(ListableBeanFactory beans, WeirProperties properties) {
		return new ConsumerMeters(beans, backlogs(properties));
	}

	private static @Nullable BacklogMeters backlogs(WeirProperties properties) {
		return properties.observation().backlogInterval().isZero() ? null : new BacklogMeters(InstantSource.system());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(WeirListenerRegistry.class)
	static class ListenerMetersConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ListenerMeters weirListenerMeters(WeirListenerRegistry listeners, WeirProperties properties) {
			return new ListenerMeters(listeners, backlogs(properties));
		}

		@Bean
		@ConditionalOnMissingBean
		BacklogRefresh weirBacklogRefresh(WeirListenerRegistry listeners, ConsumerMeters consumers,
				WeirProperties properties) {
			return new BacklogRefresh(listeners, consumers, properties.observation().backlogInterval());
		}

	}

}
