package io.weir.spring.autoconfigure;

import io.micrometer.observation.ObservationRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

import io.weir.client.ConnectionListener;
import io.weir.client.WeirClient;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.DefaultWeirConsumerFactory;
import io.weir.spring.DefaultWeirProducerFactory;
import io.weir.spring.MessageTypes;
import io.weir.spring.ProducerCustomizer;
import io.weir.spring.ProducerInterceptor;
import io.weir.spring.SchemaResolver;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirConsumerFactory;
import io.weir.spring.WeirOperations;
import io.weir.spring.WeirProducerFactory;
import io.weir.spring.WeirSchemas;
import io.weir.spring.WeirTemplate;
import io.weir.spring.listener.AfterListener;
import io.weir.spring.observation.WeirListenerObservationConvention;
import io.weir.spring.observation.WeirObservations;
import io.weir.spring.observation.WeirSendObservationConvention;

/**
 * Auto-configuration of the client, the template, the producers and consumers that are
 * configured by name, and listeners.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration",
		"org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
		"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration" })
@ConditionalOnClass(WeirClient.class)
@EnableConfigurationProperties(WeirProperties.class)
@Import({ WeirListenerConfiguration.class, NamedClientsRegistrar.class, FurtherClientsRegistrar.class })
public final class WeirAutoConfiguration {

	/** The name of the bean that knows all clients. */
	static final String CLIENTS = "weirClients";

	private static final String CLIENT = "weirClient";

	private final WeirProperties properties;

	WeirAutoConfiguration(WeirProperties properties) {
		this.properties = properties;
	}

	@Bean
	@ConditionalOnMissingBean(WeirConnectionDetails.class)
	PropertiesWeirConnectionDetails weirConnectionDetails(ObjectProvider<SslBundles> bundles) {
		return new PropertiesWeirConnectionDetails("weir.client", this.properties.client(), bundles.getIfAvailable());
	}

	@Bean(name = CLIENT, destroyMethod = "")
	@ConditionalOnMissingBean
	WeirClient weirClient(WeirClientFactory factory, WeirConnectionDetails details, ListableBeanFactory beans) {
		WeirClient client = factory.createDefault(details);
		AfterListener.closes(beans, CLIENT, client::close);
		return client;
	}

	@Bean
	@ConditionalOnMissingBean
	WeirClientFactory weirClientFactory(ObjectProvider<ConnectionListener> listeners,
			ObjectProvider<WeirClientCustomizer> customizers, Environment environment, ListableBeanFactory beans) {
		return new WeirClientFactory(this.properties, environment, listeners, customizers, beans);
	}

	@Bean(FurtherClients.BEAN_NAME)
	FurtherClients weirFurtherClients(WeirClientFactory factory, WeirConnectionDetails details,
			ObjectProvider<SslBundles> bundles, ListableBeanFactory beans) {
		return new FurtherClients(this.properties, factory, details, bundles, beans);
	}

	@Bean(CLIENTS)
	WeirClients weirClients(WeirClient client, ListableBeanFactory beans, ClientParts parts) {
		return new WeirClients(client, beans, parts);
	}

	@Bean
	ClientNames weirClientNames(WeirClients clients) {
		return new ClientNames(this.properties, clients);
	}

	/** What applications make as beans is closed as what is made here. */
	@Bean
	static SideBySideClosing weirSideBySideClosing() {
		return new SideBySideClosing();
	}

	@Bean
	static EagerBeans weirEagerBeans() {
		return new EagerBeans();
	}

	@Bean
	@ConditionalOnProperty(name = "weir.client.startup-failure-policy", havingValue = "fail")
	ConnectionCheck weirStartupCheck(WeirClient client) {
		return new ConnectionCheck(client);
	}

	@Bean
	@ConditionalOnMissingBean
	WeirSchemas weirSchemas(ObjectProvider<JsonMapper> mapper, ObjectProvider<SchemaResolver> resolvers) {
		return new WeirSchemas(mapper.getIfAvailable(() -> JsonMapper.builder().build()),
				resolvers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	MessageTypes weirMessageTypes() {
		return new MessageTypes(this.properties.messageTypes());
	}

	@Bean
	@ConditionalOnMissingBean
	WeirObservations weirObservations(ObjectProvider<ObservationRegistry> registry,
			ObjectProvider<WeirSendObservationConvention> send,
			ObjectProvider<WeirListenerObservationConvention> listener) {
		return this.properties.observation().enabled()
				? new WeirObservations(registry.getIfUnique(() -> ObservationRegistry.NOOP), send.getIfUnique(),
						listener.getIfUnique())
				: WeirObservations.NOOP;
	}

	@Bean
	ClientParts weirClientParts(WeirObservations observations, MessageTypes types, WeirSchemas schemas,
			Environment environment, ObjectProvider<ProducerCustomizer> producers,
			ObjectProvider<ConsumerCustomizer> consumers, ObjectProvider<ProducerInterceptor> interceptors) {
		return new ClientParts(this.properties, observations, types, schemas, environment, producers, consumers,
				interceptors);
	}

	@Bean
	@ConditionalOnMissingBean(WeirProducerFactory.class)
	DefaultWeirProducerFactory weirProducerFactory(WeirClient client, ClientParts parts) {
		return parts.producerFactory(null, client);
	}

	@Bean
	@ConditionalOnMissingBean(WeirConsumerFactory.class)
	DefaultWeirConsumerFactory weirConsumerFactory(WeirClient client, ClientParts parts) {
		return parts.consumerFactory(null, client);
	}

	/** The client closes its producers. */
	@Bean(destroyMethod = "")
	@ConditionalOnMissingBean(WeirOperations.class)
	WeirTemplate weirTemplate(WeirClient client, WeirProducerFactory producers, ClientParts parts) {
		return parts.template(null, client, producers);
	}

	@Bean(NamedClients.BEAN_NAME)
	NamedClients weirNamedClients(WeirSchemas schemas, WeirClients clients) {
		return new NamedClients(this.properties, schemas, clients);
	}

}
