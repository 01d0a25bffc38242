package io.weir.spring.cloud.stream;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.stream.binder.ExtendedConsumerProperties;
import org.springframework.cloud.stream.binder.ExtendedProducerProperties;
import org.springframework.cloud.stream.provisioning.ConsumerDestination;
import org.springframework.cloud.stream.provisioning.ProducerDestination;
import org.springframework.cloud.stream.provisioning.ProvisioningException;
import org.springframework.cloud.stream.provisioning.ProvisioningProvider;

import io.weir.client.Consumer;
import io.weir.client.WeirException;
import io.weir.message.InitialPosition;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.spring.WeirConsumerFactory;

/**
 * Makes the subscriptions that must be there before a message is sent: those of required
 * groups, and those that begin with the latest message, which otherwise might miss what
 * is sent when the binding is said to be there. Topics make themselves.
 */
final class Subscriptions implements
		ProvisioningProvider<ExtendedConsumerProperties<WeirConsumerProperties>, ExtendedProducerProperties<WeirProducerProperties>> {

	private final WeirConsumerFactory consumers;

	Subscriptions(WeirConsumerFactory consumers) {
		this.consumers = consumers;
	}

	@Override
	public ProducerDestination provisionProducerDestination(String name,
			ExtendedProducerProperties<WeirProducerProperties> properties) {
		Destination destination = new Destination(name);
		for (String group : properties.getRequiredGroups()) {
			if (properties.isPartitioned()) {
				for (int partition = 0; partition < properties.getPartitionCount(); partition++) {
					create(destination.getNameForPartition(partition), group, null, InitialPosition.EARLIEST);
				}
			}
			else {
				create(name, group, null, InitialPosition.EARLIEST);
			}
		}
		return destination;
	}

	@Override
	public ConsumerDestination provisionConsumerDestination(String name, @Nullable String group,
			ExtendedConsumerProperties<WeirConsumerProperties> properties) {
		boolean anonymous = group == null || group.isEmpty();
		String subscription = anonymous ? "anonymous." + UUID.randomUUID() : String.valueOf(group);
		List<String> topics = Stream.of(name.split(",")).flatMap((topic) -> topics(topic.strip(), properties)).toList();
		InitialPosition position = position(properties.getExtension(), anonymous);
		if (position == InitialPosition.LATEST) {
			topics.forEach(
					(topic) -> create(topic, subscription, properties.getExtension().getSubscriptionType(), position));
		}
		return new Source(name, topics, subscription, anonymous);
	}

	private static Stream<String> topics(String name, ExtendedConsumerProperties<WeirConsumerProperties> properties) {
		if (!properties.isPartitioned()) {
			return Stream.of(name);
		}
		List<Integer> instances = properties.getInstanceIndexList();
		return ((instances == null || instances.isEmpty()) ? Stream.of(properties.getInstanceIndex())
				: instances.stream())
			.map((instance) -> Destination.ofPartition(name, instance));
	}

	static InitialPosition position(WeirConsumerProperties properties, boolean anonymous) {
		InitialPosition position = properties.getInitialPosition();
		return (position != null) ? position : anonymous ? InitialPosition.LATEST : InitialPosition.EARLIEST;
	}

	private void create(String topic, String subscription, @Nullable SubscriptionType type, InitialPosition position) {
		subscribe(topic, subscription, type, position).close();
	}

	private Consumer<byte[]> subscribe(String topic, String subscription, @Nullable SubscriptionType type,
			InitialPosition position) {
		try {
			return this.consumers.builder(topic, subscription, Schema.bytes(), (name, builder) -> {
				builder.subscriptionType((type != null) ? type : SubscriptionType.SHARED).initialPosition(position);
			}).subscribe();
		}
		catch (WeirException | IllegalArgumentException ex) {
			throw new ProvisioningException(
					"Subscription '" + subscription + "' of topic '" + topic + "' cannot be made: " + ex.getMessage(),
					ex);
		}
	}

	/** Without a group nobody would ever come back to them. */
	void remove(Source source, WeirConsumerProperties properties) {
		source.topics()
			.forEach((topic) -> subscribe(topic, source.subscription(), properties.getSubscriptionType(),
					InitialPosition.LATEST)
				.unsubscribe());
	}

}
