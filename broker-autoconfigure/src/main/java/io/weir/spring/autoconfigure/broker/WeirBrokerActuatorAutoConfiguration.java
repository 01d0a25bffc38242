package io.weir.spring.autoconfigure.broker;

import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;

/**
 * Auto-configuration of what actuators tell of a broker in this application: health,
 * endpoint and meters.
 */
@AutoConfiguration(after = WeirEmbeddedBrokerAutoConfiguration.class)
@ConditionalOnClass(Broker.class)
@ConditionalOnBean(Broker.class)
public final class WeirBrokerActuatorAutoConfiguration {

	WeirBrokerActuatorAutoConfiguration() {
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
	@ConditionalOnEnabledHealthIndicator("weirbroker")
	static class BrokerHealth {

		@Bean
		@ConditionalOnMissingBean(name = "weirBrokerHealthIndicator")
		WeirBrokerHealthIndicator weirBrokerHealthIndicator(Broker broker) {
			return new WeirBrokerHealthIndicator(broker);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	@ConditionalOnAvailableEndpoint(WeirTopicsEndpoint.class)
	static class TopicsEndpoint {

		@Bean
		@ConditionalOnMissingBean
		WeirTopicsEndpoint weirTopicsEndpoint(Broker broker) {
			return new WeirTopicsEndpoint(broker);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	@ConditionalOnAvailableEndpoint(WeirDamageEndpoint.class)
	static class DamageEndpoint {

		@Bean
		@ConditionalOnMissingBean
		WeirDamageEndpoint weirDamageEndpoint(Broker broker) {
			return new WeirDamageEndpoint(broker);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	@ConditionalOnAvailableEndpoint(WeirDeadLettersEndpoint.class)
	static class DeadLettersEndpoint {

		@Bean
		@ConditionalOnMissingBean
		WeirDeadLettersEndpoint weirDeadLettersEndpoint(Broker broker) {
			return new WeirDeadLettersEndpoint(broker);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	@ConditionalOnAvailableEndpoint(WeirScrubEndpoint.class)
	static class ScrubEndpoint {

		@Bean
		@ConditionalOnMissingBean
		WeirScrubEndpoint weirScrubEndpoint(Broker broker) {
			return new WeirScrubEndpoint(broker);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class BrokerMetrics {

		@Bean
		@ConditionalOnMissingBean
		WeirBrokerMetrics weirBrokerMetrics(Broker broker) {
			return new WeirBrokerMetrics(broker);
		}

	}

}
