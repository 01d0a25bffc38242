package io.weir.spring;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

import io.weir.client.WeirClient;
import io.weir.spring.listener.DefaultWeirListenerContainerFactory;
import io.weir.spring.listener.ListenerDefaults;
import io.weir.spring.listener.RedeliveringErrorHandler;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerAnnotationBeanPostProcessor;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.observation.WeirObservations;

/** What {@link EnableWeir} adds to an application. */
@Configuration(proxyBeanMethods = false)
class WeirConfiguration {

	@Bean
	@Fallback
	WeirSchemas weirSchemas(ObjectProvider<JsonMapper> mapper, ObjectProvider<SchemaResolver> resolvers) {
		return new WeirSchemas(mapper.getIfAvailable(() -> JsonMapper.builder().build()),
				resolvers.orderedStream().toList());
	}

	@Bean
	@Fallback
	DefaultWeirProducerFactory weirProducerFactory(WeirClient client) {
		return new DefaultWeirProducerFactory(client);
	}

	@Bean
	@Fallback
	DefaultWeirConsumerFactory weirConsumerFactory(WeirClient client) {
		return new DefaultWeirConsumerFactory(client);
	}

	/** The client closes its producers. */
	@Bean(destroyMethod = "")
	@Fallback
	WeirTemplate weirTemplate(WeirProducerFactory producers, WeirSchemas schemas) {
		return new WeirTemplate(producers, schemas);
	}

	@Bean
	@Fallback
	WeirClients weirClients(WeirClient client, ListableBeanFactory beans, WeirSchemas schemas) {
		return new WeirClients(client, beans, new PlainClients(schemas));
	}

	@Bean(WeirListenerContainerFactory.DEFAULT_BEAN_NAME)
	@Fallback
	DefaultWeirListenerContainerFactory weirListenerContainerFactory(WeirClients clients,
			@Qualifier(WeirErrorHandler.DEFAULT_BEAN_NAME) ObjectProvider<WeirErrorHandler> errorHandler) {
		return new DefaultWeirListenerContainerFactory(clients, ListenerDefaults.DEFAULTS,
				errorHandler.getIfAvailable(RedeliveringErrorHandler::new), WeirObservations.NOOP, false);
	}

	@Bean
	@Fallback
	WeirListenerRegistry weirListenerRegistry() {
		return new WeirListenerRegistry();
	}

	@Bean
	static WeirListenerAnnotationBeanPostProcessor weirListenerAnnotationBeanPostProcessor() {
		return new WeirListenerAnnotationBeanPostProcessor();
	}

	/** What clients are used by when nothing is said of it. */
	record PlainClients(WeirSchemas schemas) implements WeirClients.Factory {

		@Override
		public WeirProducerFactory producerFactory(String name, WeirClient client) {
			return new DefaultWeirProducerFactory(client);
		}

		@Override
		public WeirConsumerFactory consumerFactory(String name, WeirClient client) {
			return new DefaultWeirConsumerFactory(client);
		}

		@Override
		public WeirTemplate template(String name, WeirClient client, WeirProducerFactory producers) {
			return new WeirTemplate(producers, this.schemas);
		}

	}

}
