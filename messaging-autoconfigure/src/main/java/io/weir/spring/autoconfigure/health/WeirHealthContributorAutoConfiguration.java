package io.weir.spring.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

import io.weir.client.WeirClient;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.WeirClients;
import io.weir.spring.listener.WeirListenerRegistry;

/**
 * Auto-configuration of the health contributor {@code weir}. Further clients are
 * components of its component {@code clients}, by their names.
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
	CompositeHealthContributor weirHealthContributor(WeirClients clients, WeirListenerRegistry registry) {
		Map<String, HealthContributor> components = components(clients.defaultClient());
		components.put("listeners", new ListenersHealthIndicator(registry));
		Map<String, HealthContributor> further = new LinkedHashMap<>();
		clients.further()
			.forEach((name, client) -> further.put(name, CompositeHealthContributor.fromMap(components(client))));
		if (!further.isEmpty()) {
			components.put("clients", CompositeHealthContributor.fromMap(further));
		}
		return CompositeHealthContributor.fromMap(components);
	}

	private static Map<String, HealthContributor> components(WeirClient client) {
		Map<String, HealthContributor> components = new LinkedHashMap<>();
		components.put("connection", new ConnectionHealthIndicator(client));
		components.put("pool", new PoolHealthIndicator(client));
		return components;
	}

}
