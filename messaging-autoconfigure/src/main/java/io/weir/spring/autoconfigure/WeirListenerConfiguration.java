package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.weir.client.WeirClient;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.listener.DefaultWeirListenerContainerFactory;
import io.weir.spring.listener.ListenerDefaults;
import io.weir.spring.listener.RedeliveringErrorHandler;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerAnnotationBeanPostProcessor;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.observation.WeirObservations;

/** What annotated listener methods need. */
@Configuration(proxyBeanMethods = false)
final class WeirListenerConfiguration {

	@Bean(WeirListenerContainerFactory.DEFAULT_BEAN_NAME)
	@ConditionalOnMissingBean(name = WeirListenerContainerFactory.DEFAULT_BEAN_NAME)
	DefaultWeirListenerContainerFactory weirListenerContainerFactory(WeirClient client, WeirProperties properties,
			@Qualifier(WeirErrorHandler.DEFAULT_BEAN_NAME) ObjectProvider<WeirErrorHandler> errorHandler,
			ObjectProvider<ConsumerCustomizer> customizers, WeirObservations observations, Environment environment) {
		WeirProperties.Listener listener = properties.listener();
		ListenerDefaults defaults = new ListenerDefaults(listener.concurrency(), listener.ackMode(),
				listener.autoStartup(), listener.shutdownTimeout(), properties.consumer().receiverQueueSize());
		return new DefaultWeirListenerContainerFactory(client, defaults,
				errorHandler.getIfAvailable(RedeliveringErrorHandler::new),
				customizers(properties.consumer(), customizers), observations, Threading.VIRTUAL.isActive(environment));
	}

	/** The properties first, so that the others may change what they say. */
	private static List<ConsumerCustomizer> customizers(WeirProperties.Consumer properties,
			ObjectProvider<ConsumerCustomizer> customizers) {
		ConsumerCustomizer first = (topic, builder) -> ConsumerConfigurer.configure(builder, topic, properties);
		return Stream.concat(Stream.of(first), customizers.orderedStream()).toList();
	}

	@Bean
	@ConditionalOnMissingBean
	WeirListenerRegistry weirListenerRegistry() {
		return new WeirListenerRegistry();
	}

	@Bean
	@ConditionalOnMissingBean
	static WeirListenerAnnotationBeanPostProcessor weirListenerAnnotationBeanPostProcessor() {
		return new WeirListenerAnnotationBeanPostProcessor();
	}

}
