package io.weir.spring.cloud.stream;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.stream.binder.AbstractMessageChannelBinder;
import org.springframework.cloud.stream.binder.BinderSpecificPropertiesProvider;
import org.springframework.cloud.stream.binder.ExtendedConsumerProperties;
import org.springframework.cloud.stream.binder.ExtendedProducerProperties;
import org.springframework.cloud.stream.binder.ExtendedPropertiesBinder;
import org.springframework.cloud.stream.provisioning.ConsumerDestination;
import org.springframework.cloud.stream.provisioning.ProducerDestination;
import org.springframework.integration.core.MessageProducer;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;

import io.weir.message.SubscriptionType;
import io.weir.spring.WeirConsumerFactory;
import io.weir.spring.WeirOperations;
import io.weir.spring.listener.ConsumerSettings;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerEndpoint;
import io.weir.spring.listener.WeirListenerEndpointBuilder;

/**
 * Binds channels to topics. A group is a subscription; without a group there is one of
 * its own, which begins with the latest message and ends with the binding. A partition is
 * a topic of its own, {@code <destination>-<number>}, read by the instance with its
 * number.
 */
public final class WeirMessageChannelBinder extends
		AbstractMessageChannelBinder<ExtendedConsumerProperties<WeirConsumerProperties>, ExtendedProducerProperties<WeirProducerProperties>, Subscriptions>
		implements ExtendedPropertiesBinder<MessageChannel, WeirConsumerProperties, WeirProducerProperties> {

	private final WeirOperations operations;

	private final WeirListenerContainerFactory containers;

	private final WeirExtendedBindingProperties bindings;

	/**
	 * Creates the binder.
	 * @param operations publishes
	 * @param consumers makes subscriptions that must be there
	 * @param containers makes what receives
	 * @param bindings what is said of bindings
	 */
	public WeirMessageChannelBinder(WeirOperations operations, WeirConsumerFactory consumers,
			WeirListenerContainerFactory containers, WeirExtendedBindingProperties bindings) {
		super(null, new Subscriptions(consumers));
		this.operations = operations;
		this.containers = containers;
		this.bindings = bindings;
	}

	@Override
	protected MessageHandler createProducerMessageHandler(ProducerDestination destination,
			ExtendedProducerProperties<WeirProducerProperties> properties, @Nullable MessageChannel errorChannel) {
		OutboundHandler handler = new OutboundHandler(this.operations, (Destination) destination,
				properties.isPartitioned(), properties.getExtension(), getEvaluationContext(), errorChannel);
		handler.setApplicationContext(getApplicationContext());
		handler.setBeanFactory(getBeanFactory());
		return handler;
	}

	@Override
	protected MessageProducer createConsumerEndpoint(ConsumerDestination destination, String group,
			ExtendedConsumerProperties<WeirConsumerProperties> properties) {
		if (properties.isBatchMode()) {
			throw new IllegalArgumentException("The binding to '" + destination.getName()
					+ "' has batch-mode, which Weir's binder does not support; a @WeirListener takes batches");
		}
		Source source = (Source) destination;
		InboundAdapter adapter = new InboundAdapter(this.containers, endpoint(source, properties),
				registerErrorInfrastructure(destination, group, properties).getRecoverer(),
				(properties.getMaxAttempts() > 1) ? buildRetryTemplate(properties) : null);
		adapter.setBeanFactory(getBeanFactory());
		return adapter;
	}

	private static WeirListenerEndpointBuilder endpoint(Source source,
			ExtendedConsumerProperties<WeirConsumerProperties> properties) {
		WeirConsumerProperties own = properties.getExtension();
		WeirListenerEndpointBuilder endpoint = WeirListenerEndpoint.builder(source.name() + "." + source.subscription())
			.topics(source.topics().toArray(String[]::new))
			.subscription(source.subscription())
			.initialPosition(Subscriptions.position(own, source.anonymous()))
			.concurrency(properties.getConcurrency())
			.consumer(new ConsumerSettings(null, null, null, null, new ConsumerSettings.DeadLetters(own.getDeadLetter(),
					own.getDeadLetterTopic(), own.getMaxRedeliveries()), ConsumerSettings.NONE.backoff()));
		SubscriptionType type = own.getSubscriptionType();
		return (type != null) ? endpoint.subscriptionType(type) : endpoint;
	}

	@Override
	protected void afterUnbindConsumer(ConsumerDestination destination, String group,
			ExtendedConsumerProperties<WeirConsumerProperties> properties) {
		Source source = (Source) destination;
		if (source.anonymous()) {
			this.provisioningProvider.remove(source, properties.getExtension());
		}
	}

	@Override
	public WeirConsumerProperties getExtendedConsumerProperties(String channelName) {
		return this.bindings.getExtendedConsumerProperties(channelName);
	}

	@Override
	public WeirProducerProperties getExtendedProducerProperties(String channelName) {
		return this.bindings.getExtendedProducerProperties(channelName);
	}

	@Override
	public String getDefaultsPrefix() {
		return this.bindings.getDefaultsPrefix();
	}

	@Override
	public Class<? extends BinderSpecificPropertiesProvider> getExtendedPropertiesEntryClass() {
		return this.bindings.getExtendedPropertiesEntryClass();
	}

}
