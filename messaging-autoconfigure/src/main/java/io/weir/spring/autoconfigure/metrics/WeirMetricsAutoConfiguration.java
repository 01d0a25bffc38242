package io.weir.spring.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.weir.client.WeirClient;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.autoconfigure.WeirClientCustomizer;
import io.weir.spring.WeirClients;

/**
 * Auto-configuration of the meters of the client and its stream pools.
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

}
