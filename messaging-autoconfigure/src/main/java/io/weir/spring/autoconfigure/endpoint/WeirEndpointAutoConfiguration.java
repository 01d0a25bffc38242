package io.weir.spring.autoconfigure.endpoint;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.weir.client.WeirClient;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.WeirClients;
import io.weir.spring.listener.WeirListenerRegistry;

/**
 * Auto-configuration of the endpoints {@code weirpools} and {@code weirlisteners}.
 */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnClass({ WeirClient.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean({ WeirClient.class, WeirListenerRegistry.class })
public final class WeirEndpointAutoConfiguration {

	WeirEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	WeirPoolsEndpoint weirPoolsEndpoint(WeirClients clients) {
		return new WeirPoolsEndpoint(clients);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	WeirListenersEndpoint weirListenersEndpoint(WeirListenerRegistry registry) {
		return new WeirListenersEndpoint(registry);
	}

}
