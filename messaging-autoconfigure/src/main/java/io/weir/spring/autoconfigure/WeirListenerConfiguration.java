package io.weir.spring.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.weir.spring.WeirClients;
import io.weir.spring.listener.ConsumerSettings;
import io.weir.spring.listener.DefaultWeirListenerContainerFactory;
import io.weir.spring.listener.ListenerDefaults;
import io.weir.spring.listener.RedeliveringErrorHandler;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerAnnotationBeanPostProcessor;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerInterceptor;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.observation.WeirObservations;

/** What annotated listener methods need. */
@Configuration(proxyBeanMethods = false)
final class WeirListenerConfiguration {

	@Bean(WeirListenerContainerFactory.DEFAULT_BEAN_NAME)
	@ConditionalOnMissingBean(name = WeirListenerContainerFactory.DEFAULT_BEAN_NAME)
	DefaultWeirListenerContainerFactory weirListenerContainerFactory(WeirClients clients, WeirProperties properties,
			@Qualifier(WeirErrorHandler.DEFAULT_BEAN_NAME) ObjectProvider<WeirErrorHandler> errorHandler,
			ObjectProvider<WeirListenerInterceptor> interceptors, WeirObservations observations,
			Environment environment) {
		DefaultWeirListenerContainerFactory factory = new DefaultWeirListenerContainerFactory(clients,
				defaults(properties), errorHandler.getIfAvailable(RedeliveringErrorHandler::new), observations,
				Threading.VIRTUAL.isActive(environment));
		factory.setInterceptors(interceptors.orderedStream().toList());
		return factory;
	}

	static ListenerDefaults defaults(WeirProperties properties) {
		WeirProperties.Listener listener = properties.listener();
		return new ListenerDefaults(listener.subscriptionType(), listener.concurrency(), listener.ackMode(),
				listener.autoStartup(), listener.shutdownTimeout(), consumers(properties.consumer()),
				ListenerFailures.of(listener.nonRetryable(), listener.retryable()), listener.keyConcurrency());
	}

	private static ConsumerSettings consumers(ConsumerDefaults consumer) {
		ConsumerDefaults.DeadLetter deadLetter = consumer.deadLetter();
		ConsumerDefaults.Backoff backoff = consumer.retry().backoff();
		return new ConsumerSettings(consumer.receiverQueueSize(), consumer.receiverQueueBytes().toBytes(),
				consumer.ackTimeout(), consumer.acknowledgementDelay(),
				new ConsumerSettings.DeadLetters(deadLetter.enabled(), deadLetter.topic(),
						deadLetter.maxRedeliveries()),
				new ConsumerSettings.Backoff(backoff.initial(), backoff.multiplier(), backoff.max()));
	}

	@Bean
	ListenerPropertiesCustomizer weirListenerPropertiesCustomizer(WeirProperties properties, WeirClients clients,
			ListableBeanFactory beans) {
		return new ListenerPropertiesCustomizer(properties.listeners(), clients, beans);
	}

	@Bean
	ListenerIdsCheck weirListenerIdsCheck(WeirProperties properties, WeirListenerRegistry registry) {
		return new ListenerIdsCheck(properties.listeners().keySet(), registry);
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
