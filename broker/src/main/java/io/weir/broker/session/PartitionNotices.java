package io.weir.broker.session;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;
import io.weir.transport.FrameStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Tells a client how many partitions a topic has that it uses, if there are several: so
 * it need not ask. On the connection's event loop.
 */
final class PartitionNotices {

	private final TopicPartitions partitions;

	private boolean understood;

	PartitionNotices(TopicPartitions partitions) {
		this.partitions = partitions;
	}

	/** What the client can do. */
	void features(Set<Feature> features) {
		this.understood = features.contains(Feature.PARTITIONS);
	}

	/**
	 * Tells of the topic that a producer is opened for or a consumer subscribes to,
	 * before that is answered.
	 * @param topic the topic, or one of its partitions, about which nothing is said
	 * @param stream where that is asked for
	 * @throws ProtocolException if there is no such partition, or not yet, or the client
	 * would not understand
	 */
	void opening(Topic topic, FrameStream stream) {
		if (topic.partition() > 0) {
			checkExists(topic);
			return;
		}
		ProtocolException refusal = refusal(topic);
		if (refusal != null) {
			throw refusal;
		}
		if (this.partitions.count(topic) > 1) {
			tell(topic, stream);
		}
	}

	/**
	 * Asks the engine for what a consumer wants of a topic.
	 * @throws ProtocolException as {@link TopicPartitions#changeSubscriptions}, if that
	 * is what it wants
	 */
	void asking(Frame frame, Topic topic, Runnable asking) {
		if (frame instanceof Frame.Subscribe || frame instanceof Frame.Unsubscribe) {
			this.partitions.changeSubscriptions(topic, asking);
		}
		else {
			asking.run();
		}
	}

	/** Why the client cannot use a topic; {@code null} if it can. */
	@Nullable ProtocolException refusal(Topic topic) {
		int count = this.partitions.count(topic);
		return (count > 1 && !this.understood) ? new ProtocolException(ErrorCode.NOT_SUPPORTED, "Topic '" + topic
				+ "' has " + count + " partitions, and the client has not named the feature " + Feature.PARTITIONS)
				: null;
	}

	/** Tells the present number. */
	void tell(Topic topic, FrameStream stream) {
		stream.write(0, new Frame.Partitions(topic.name(), this.partitions.count(topic)));
	}

	private void checkExists(Topic partition) {
		Topic topic = partition.whole();
		int count = this.partitions.count(topic);
		if (partition.partition() >= count) {
			throw new ProtocolException(ErrorCode.UNKNOWN_PARTITION, "There is no partition " + partition.partition()
					+ " of topic '" + topic + "', which has " + ((count > 1) ? "0 to " + (count - 1) : "only 0"));
		}
	}

}
