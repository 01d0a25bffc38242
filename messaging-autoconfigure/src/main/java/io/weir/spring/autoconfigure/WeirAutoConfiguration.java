package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.concurrent.Executor;

import io.micrometer.observation.ObservationRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

import io.weir.client.ConnectionListener;
import io.weir.client.WeirClient;
import io.weir.client.WeirClientBuilder;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.DefaultWeirConsumerFactory;
import io.weir.spring.DefaultWeirProducerFactory;
import io.weir.spring.MessageTypes;
import io.weir.spring.ProducerCacheSettings;
import io.weir.spring.ProducerCustomizer;
import io.weir.spring.ProducerInterceptor;
import io.weir.spring.WeirConsumerFactory;
import io.weir.spring.WeirOperations;
import io.weir.spring.WeirProducerFactory;
import io.weir.spring.WeirSchemas;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.common.PropertySink;
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
@Import({ WeirListenerConfiguration.class, NamedClientsRegistrar.class })
public final class WeirAutoConfiguration {

	private static final String CLIENT = "weirClient";

	private final WeirProperties properties;

	WeirAutoConfiguration(WeirProperties properties) {
		this.properties = properties;
	}

	@Bean
	@ConditionalOnMissingBean(WeirConnectionDetails.class)
	PropertiesWeirConnectionDetails weirConnectionDetails(ObjectProvider<SslBundles> bundles) {
		return new PropertiesWeirConnectionDetails(this.properties.client(), bundles.getIfAvailable());
	}

	@Bean(name = CLIENT, destroyMethod = "")
	@ConditionalOnMissingBean
	WeirClient weirClient(WeirConnectionDetails details, ObjectProvider<ConnectionListener> listeners,
			ObjectProvider<WeirClientCustomizer> customizers, Environment environment, ListableBeanFactory beans) {
		WeirClientBuilder builder = WeirClient.builder();
		String callbackExecutor = this.properties.client().callbackExecutor();
		if (callbackExecutor != null) {
			builder.callbackExecutor(executor(callbackExecutor, beans));
		}
		WeirClient client = new ClientFactory(this.properties.client(), details).create(builder,
				environment.getProperty("spring.application.name", "weir-client"), listeners.orderedStream().toList(),
				customizers.orderedStream().toList());
		AfterListener.closes(beans, CLIENT, client::close);
		return client;
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

	private static Executor executor(String name, ListableBeanFactory beans) {
		List<String> names = List.of(beans.getBeanNamesForType(Executor.class, false, false));
		if (!names.contains(name)) {
			throw new InvalidConfigurationPropertyValueException("weir.client.callback-executor", name,
					"There is no Executor bean of this name; there are " + names + ".");
		}
		return beans.getBean(name, Executor.class);
	}

	@Bean
	@ConditionalOnProperty(name = "weir.client.startup-failure-policy", havingValue = "fail")
	ConnectionCheck weirStartupCheck(WeirClient client) {
		return new ConnectionCheck(client);
	}

	@Bean
	@ConditionalOnMissingBean
	WeirSchemas weirSchemas(ObjectProvider<JsonMapper> mapper) {
		return new WeirSchemas(mapper.getIfAvailable(() -> JsonMapper.builder().build()));
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
	@ConditionalOnMissingBean(WeirProducerFactory.class)
	DefaultWeirProducerFactory weirProducerFactory(WeirClient client, ObjectProvider<ProducerCustomizer> customizers,
			WeirObservations observations, MessageTypes types, ObjectProvider<ProducerInterceptor> interceptors) {
		return new DefaultWeirProducerFactory(client,
				(topic, builder) -> ProducerConfigurer.configure(builder, this.properties.producer(),
						PropertySink.checked()),
				customizers.orderedStream().toList(), observations, types, interceptors.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean(WeirConsumerFactory.class)
	DefaultWeirConsumerFactory weirConsumerFactory(WeirClient client, ObjectProvider<ConsumerCustomizer> customizers) {
		return new DefaultWeirConsumerFactory(client, (topic, builder) -> ConsumerConfigurer.configure(builder, topic,
				this.properties.consumer(), PropertySink.checked()), customizers.orderedStream().toList());
	}

	/** The client closes its producers. */
	@Bean(destroyMethod = "")
	@ConditionalOnMissingBean(WeirOperations.class)
	WeirTemplate weirTemplate(WeirClient client, WeirProducerFactory producers, WeirSchemas schemas,
			Environment environment) {
		return WeirTemplate.builder(producers, schemas)
			.producerCache(producerCache(this.properties))
			.producerSettings(new TopicSettings(this.properties.producers().values()))
			.defaultTopic(this.properties.template().defaultTopic())
			.placeholders(environment::resolveRequiredPlaceholders)
			.replies(client, ReplyTopic.of(this.properties.template(), environment),
					this.properties.template().replyTimeout())
			.build();
	}

	static ProducerCacheSettings producerCache(WeirProperties properties) {
		WeirProperties.Template template = properties.template();
		return new ProducerCacheSettings(template.maxProducers(), template.producerIdleTime());
	}

	@Bean(NamedClients.BEAN_NAME)
	NamedClients weirNamedClients(WeirSchemas schemas, WeirProducerFactory producers, WeirConsumerFactory consumers) {
		return new NamedClients(this.properties, schemas, producers, consumers);
	}

}
