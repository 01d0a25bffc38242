package io.weir.spring.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import io.weir.client.WeirClient;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.listener.WeirListenerRegistry;

/**
 * Auto-configuration of the health contributor {@code weir}.
 */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnClass({ WeirClient.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ WeirClient.class, WeirListenerRegistry.class })
@ConditionalOnEnabledHealthIndicator("weir")
public final class WeirHealthContributorAutoConfiguration {

	WeirHealthContributorAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = { "weirHealthIndicator", "weirHealthContributor" })
	CompositeHealthContributor weirHealthContributor(WeirClient client, WeirListenerRegistry registry) {
		Map<String, HealthIndicator> components = new LinkedHashMap<>();
		components.put("connection", new ConnectionHealthIndicator(client));
		components.put("pool", new PoolHealthIndicator(client));
		components.put("listeners", new ListenersHealthIndicator(registry));
		return CompositeHealthContributor.fromMap(components);
	}

}
