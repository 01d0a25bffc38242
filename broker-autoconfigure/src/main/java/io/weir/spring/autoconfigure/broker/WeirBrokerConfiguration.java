package io.weir.spring.autoconfigure.broker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;
import io.weir.broker.BrokerBuilder;
import io.weir.broker.security.Authenticator;
import io.weir.broker.security.Authorizer;
import io.weir.spring.autoconfigure.common.PropertySink;
import io.weir.spring.autoconfigure.common.SslBundleProperty;

/**
 * A broker from {@code weir.broker.*} that lives as long as the application context.
 * Imported by the auto-configuration of the embedded broker and by the broker
 * application.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WeirBrokerProperties.class)
public class WeirBrokerConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(WeirBrokerConfiguration.class);

	private static final String BROKER = "weirBroker";

	private static final String BUNDLE = "weir.broker.ssl.bundle";

	/**
	 * Started before and closed after the beans that are given it, such as the
	 * application's own client: those close as beans as well, after the last lifecycle
	 * phase. A context that is only stopped, or put aside between tests, keeps its
	 * broker.
	 */
	@Bean(name = BROKER, initMethod = "start", destroyMethod = "")
	@ConditionalOnMissingBean
	Broker weirBroker(WeirBrokerProperties properties, ObjectProvider<SslBundles> bundles,
			ObjectProvider<Authenticator> authenticators, ObjectProvider<Authorizer> authorizers,
			ObjectProvider<BrokerCustomizer> customizers, ObjectProvider<BrokerClosing> closing, BeanFactory factory) {
		BrokerBuilder builder = Broker.builder();
		BrokerConfigurer.configure(builder, properties, PropertySink.checked());
		String bundle = properties.ssl().bundle();
		if (bundle != null) {
			// Now, so that a wrong one is told by its property.
			SslBundleProperty.find(BUNDLE, bundle, bundles.getIfAvailable());
			builder.certificate(() -> SslBundleProperty.find(BUNDLE, bundle, bundles.getIfAvailable())
				.getManagers()
				.getKeyManagerFactory());
		}
		secure(builder, properties.security().authentication(), authenticators, authorizers);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		Broker broker = build(builder, properties);
		if (bundle != null) {
			bundles.ifAvailable((known) -> known.addBundleUpdateHandler(bundle, (reloaded) -> reload(broker)));
		}
		BrokerClosing end = closing.getIfAvailable(() -> Runnable::run);
		((DefaultSingletonBeanRegistry) factory).registerDisposableBean(BROKER, () -> end.close(broker::close));
		return broker;
	}

	/** Whoever changed the certificate sees in the log whether the broker took it. */
	private static void reload(Broker broker) {
		try {
			if (broker.isRunning()) {
				broker.reloadCertificate();
			}
		}
		catch (RuntimeException ex) {
			logger.error("The broker keeps the certificate that it has: the SSL bundle of '{}', which was reloaded, "
					+ "cannot be used", BUNDLE, ex);
		}
	}

	/** Others than this application's own beans may wait for the broker. */
	@Bean
	static LazyInitializationExcludeFilter weirEagerBroker() {
		return LazyInitializationExcludeFilter.forBeanTypes(Broker.class, WeirBrokerProperties.class);
	}

	private static void secure(BrokerBuilder builder, @Nullable String authentication,
			ObjectProvider<Authenticator> authenticators, ObjectProvider<Authorizer> authorizers) {
		Authenticator authenticator = authenticators.getIfAvailable();
		if (authentication != null && authenticator != null) {
			throw new InvalidConfigurationPropertyValueException("weir.broker.security.authentication", authentication,
					"There is an Authenticator bean; leave out the property, or the bean.");
		}
		if (authentication != null) {
			builder.authenticator(Authenticator.none());
		}
		if (authenticator != null) {
			builder.authenticator(authenticator);
		}
		authorizers.ifAvailable(builder::authorizer);
	}

	/**
	 * What contradicts each other can only be where the data is and what a receipt means.
	 */
	private static Broker build(BrokerBuilder builder, WeirBrokerProperties properties) {
		try {
			return builder.build();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("weir.broker.durability", properties.durability(),
					String.valueOf(ex.getMessage()));
		}
	}

}
