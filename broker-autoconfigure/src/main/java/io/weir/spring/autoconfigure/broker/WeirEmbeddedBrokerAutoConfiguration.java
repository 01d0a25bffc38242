package io.weir.spring.autoconfigure.broker;

import java.nio.file.Path;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.weir.broker.Broker;
import io.weir.spring.autoconfigure.WeirConnectionDetails;
import io.weir.spring.autoconfigure.WeirProperties;
import io.weir.spring.listener.AfterListener;

/**
 * Auto-configuration of a broker in the application's own process, for which the
 * application asks with {@code weir.embedded.enabled=true}.
 */
@AutoConfiguration(beforeName = "io.weir.spring.autoconfigure.WeirAutoConfiguration",
		afterName = "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration")
@ConditionalOnBooleanProperty("weir.embedded.enabled")
public final class WeirEmbeddedBrokerAutoConfiguration {

	WeirEmbeddedBrokerAutoConfiguration() {
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Broker.class)
	@EnableConfigurationProperties(WeirEmbeddedProperties.class)
	@Import(WeirBrokerConfiguration.class)
	static class EmbeddedBroker {

		/**
		 * Nobody else needs to find the broker: two applications get along by default.
		 */
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		BrokerCustomizer embeddedBrokerCustomizer(WeirBrokerProperties broker, WeirEmbeddedProperties embedded) {
			return (builder) -> {
				if (broker.port() == null) {
					builder.port(0);
				}
				Path directory = embedded.dataDirectory();
				if (directory != null) {
					builder.dataDirectory(directory);
				}
			};
		}

	}

	/** Leads the application's own client to the broker. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Broker.class, WeirConnectionDetails.class, AfterListener.class })
	static class EmbeddedClient {

		/** A listener that closes its context is still to be acknowledged. */
		@Bean
		BrokerClosing embeddedBrokerClosing() {
			return AfterListener::run;
		}

		@Bean
		@ConditionalOnMissingBean(WeirConnectionDetails.class)
		EmbeddedConnectionDetails embeddedWeirConnectionDetails(Broker broker, ObjectProvider<WeirProperties> client) {
			WeirProperties properties = client.getIfAvailable();
			return new EmbeddedConnectionDetails(broker,
					(properties != null) ? properties.client().auth().token() : null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("io.weir.broker.Broker")
	static class MissingBroker {

		MissingBroker() {
			throw new BrokerNotFoundException();
		}

	}

}
