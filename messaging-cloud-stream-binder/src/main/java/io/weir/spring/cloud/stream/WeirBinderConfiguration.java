package io.weir.spring.cloud.stream;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.stream.binder.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.spring.WeirConsumerFactory;
import io.weir.spring.WeirOperations;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.spring.listener.WeirListenerContainerFactory;

/**
 * The context of a binder, which has the application's beans unless it has an
 * environment.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(Binder.class)
@EnableConfigurationProperties(WeirExtendedBindingProperties.class)
class WeirBinderConfiguration {

	@Bean
	WeirMessageChannelBinder weirMessageChannelBinder(WeirOperations operations, WeirConsumerFactory consumers,
			WeirListenerContainerFactory containers, WeirExtendedBindingProperties bindings) {
		return new WeirMessageChannelBinder(operations, consumers, containers, bindings);
	}

	/**
	 * A binder with an environment of its own is nobody's child, and has its own client.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(WeirOperations.class)
	@ImportAutoConfiguration(WeirAutoConfiguration.class)
	static class ClientConfiguration {

	}

}
