package io.weir.spring.listener;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.DeadLetter;
import io.weir.spring.WeirListener;

/** Reads {@link WeirListener}. */
final class ListenerAnnotationReader implements EndpointReader {

	private static final String ACK_TIMEOUT = "ack-timeout";

	private static final String ACKNOWLEDGEMENT_DELAY = "acknowledgement-delay";

	private static final Set<String> PROPERTIES = Set.of(AnnotationAttributes.RECEIVER_QUEUE_SIZE,
			AnnotationAttributes.RECEIVER_QUEUE_BYTES, ACK_TIMEOUT, ACKNOWLEDGEMENT_DELAY,
			AnnotationAttributes.IDLE_EVENT_INTERVAL);

	private final WeirListener annotation;

	private final AnnotationAttributes attributes;

	ListenerAnnotationReader(WeirListener annotation, ListenerExpressions expressions, NamedBeans beans) {
		this.annotation = annotation;
		this.attributes = new AnnotationAttributes("@WeirListener", expressions, beans);
	}

	@Override
	public boolean isBatch() {
		return Boolean.TRUE.equals(this.attributes.bool("batch", this.annotation.batch()));
	}

	@Override
	public boolean isReader() {
		return false;
	}

	@Override
	public WeirListenerEndpointBuilder read(String defaultId, WeirMessageListener listener) {
		AnnotationAttributes read = this.attributes;
		String id = read.text(this.annotation.id());
		String subscription = Objects.requireNonNullElse(read.text(this.annotation.subscription()),
				Objects.requireNonNullElse(id, ""));
		if (subscription.isEmpty()) {
			throw new IllegalArgumentException("Listener '" + defaultId + "' needs a subscription, or at least an id");
		}
		Map<String, String> properties = read.properties(PROPERTIES, this.annotation.properties());
		WeirListenerEndpointBuilder builder = WeirListenerEndpoint.builder(Objects.requireNonNullElse(id, defaultId))
			.topics(read.several(this.annotation.topics()).toArray(String[]::new))
			.subscription(subscription)
			.batch(isBatch())
			.listener(listener)
			.consumer(consumer(properties));
		set(read.text(this.annotation.client()), builder::client);
		set(read.constant("subscriptionType", this.annotation.subscriptionType(), SubscriptionType.class),
				builder::subscriptionType);
		set(read.constant("initialPosition", this.annotation.initialPosition(), InitialPosition.class),
				builder::initialPosition);
		set(read.constant("ackMode", this.annotation.ackMode(), AckMode.class), builder::ackMode);
		set(read.number("concurrency", read.text(this.annotation.concurrency())), builder::concurrency);
		set(read.number("keyConcurrency", read.text(this.annotation.keyConcurrency())), builder::keyConcurrency);
		set(read.bool("autoStartup", this.annotation.autoStartup()), builder::autoStartup);
		set(read.bean("errorHandler", this.annotation.errorHandler(), WeirErrorHandler.class), builder::errorHandler);
		builder
			.nonRetryable(AnnotationAttributes.failures(this.annotation.nonRetryable(), this.annotation.retryable()));
		set(read.bean("filter", this.annotation.filter(), WeirMessageFilter.class), builder::filter);
		set(read.text(this.annotation.group()), builder::group);
		set(read.idleEventInterval(properties), builder::idleEventInterval);
		return builder;
	}

	private ConsumerSettings consumer(Map<String, String> properties) {
		AnnotationAttributes read = this.attributes;
		DeadLetter deadLetter = this.annotation.deadLetter();
		return new ConsumerSettings(read.receiverQueueSize(properties), read.receiverQueueBytes(properties),
				read.duration(ACK_TIMEOUT, properties.get(ACK_TIMEOUT)),
				read.duration(ACKNOWLEDGEMENT_DELAY, properties.get(ACKNOWLEDGEMENT_DELAY)),
				new ConsumerSettings.DeadLetters(read.bool("deadLetter.enabled", deadLetter.enabled()),
						read.text(deadLetter.topic()),
						read.number("deadLetter.maxRedeliveries", read.text(deadLetter.maxRedeliveries()))),
				read.backoff(this.annotation.backoff()));
	}

	@Override
	public WeirListenerContainerFactory containerFactory() {
		return this.attributes.containerFactory(this.annotation.containerFactory());
	}

}
