package io.weir.spring.autoconfigure;

import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;

import io.weir.spring.WeirClients;
import io.weir.spring.listener.ConsumerSettings;
import io.weir.spring.listener.ListenerCustomizer;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerEndpointBuilder;

/** Tells each listener what is set for its id below {@code weir.listeners}. */
final class ListenerPropertiesCustomizer implements ListenerCustomizer, Ordered {

	private final Map<String, NamedListener> listeners;

	private final WeirClients clients;

	private final ListableBeanFactory beans;

	ListenerPropertiesCustomizer(Map<String, NamedListener> listeners, WeirClients clients, ListableBeanFactory beans) {
		this.listeners = listeners;
		this.clients = clients;
		this.beans = beans;
	}

	@Override
	public void customize(WeirListenerEndpointBuilder listener) {
		NamedListener entry = this.listeners.get(listener.id());
		if (entry == null) {
			return;
		}
		ClientNames.require("listeners", listener.id(), entry.client(), this.clients);
		set(entry.client(), listener::client);
		set(entry.subscriptionType(), listener::subscriptionType);
		set(entry.initialPosition(), listener::initialPosition);
		set(entry.concurrency(), listener::concurrency);
		set(entry.keyConcurrency(), listener::keyConcurrency);
		listener.nonRetryable(ListenerFailures.of(entry.nonRetryable(), entry.retryable()));
		set(entry.ackMode(), listener::ackMode);
		set(entry.autoStartup(), listener::autoStartup);
		set(entry.shutdownTimeout(), listener::shutdownTimeout);
		set(entry.errorHandler(), (name) -> listener.errorHandler(errorHandler(listener.id(), name)));
		listener.consumer(settings(entry));
	}

	private WeirErrorHandler errorHandler(String id, String name) {
		String[] names = this.beans.getBeanNamesForType(WeirErrorHandler.class, true, false);
		if (!Arrays.asList(names).contains(name)) {
			throw new InvalidConfigurationPropertyValueException(
					PropertyRules.entry("weir.listeners", id) + ".error-handler", name,
					"There is no WeirErrorHandler bean of this name; there are " + Arrays.toString(names) + ".");
		}
		return this.beans.getBean(name, WeirErrorHandler.class);
	}

	static ConsumerSettings settings(ConsumerProperties entry) {
		ConsumerProperties.NamedDeadLetter deadLetter = entry.deadLetter();
		ConsumerProperties.NamedRetry retry = entry.retry();
		ConsumerProperties.NamedBackoff backoff = (retry != null) ? retry.backoff() : null;
		DataSize receiverQueueBytes = entry.receiverQueueBytes();
		return new ConsumerSettings(entry.receiverQueueSize(),
				(receiverQueueBytes != null) ? receiverQueueBytes.toBytes() : null, entry.ackTimeout(),
				entry.acknowledgementDelay(),
				(deadLetter == null) ? ConsumerSettings.NONE.deadLetter()
						: new ConsumerSettings.DeadLetters(deadLetter.enabled(), deadLetter.topic(),
								deadLetter.maxRedeliveries()),
				(backoff == null) ? ConsumerSettings.NONE.backoff()
						: new ConsumerSettings.Backoff(backoff.initial(), backoff.multiplier(), backoff.max()));
	}

	private static <T> void set(@Nullable T value, java.util.function.Consumer<T> setter) {
		if (value != null) {
			setter.accept(value);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
