package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Topic;
import io.weir.wire.ProtocolException;

/**
 * What a producer was told.
 *
 * @param topic where it publishes: a topic, or one of its partitions
 * @param name its name, or {@code null} to be given one
 * @param accessMode who else may use the name
 * @param plan how messages are spread over streams
 * @param shareStreams whether these may be streams that many producers have in common
 * @param sendTimeout how long a message may wait for its receipt
 * @param maxPending how many messages may be queued or in flight
 * @param maxPendingBytes how many bytes these may have
 * @param waitWhenFull whether a message that must not block waits for room; else it fails
 * @param batchMaxMessages how many messages go into a batch
 * @param batchMaxBytes how many bytes go into a batch
 * @param linger how long a batch waits for more messages while others are in flight
 * @param compression how batches are compressed
 * @param failures makes what the futures of messages fail with
 */
public record ProducerSettings(String topic, @Nullable String name, AccessMode accessMode, LanePlan plan,
		boolean shareStreams, Duration sendTimeout, int maxPending, long maxPendingBytes, boolean waitWhenFull,
		int batchMaxMessages, int batchMaxBytes, Duration linger, Compression compression,
		Function<ProtocolException, RuntimeException> failures) {

	/** How long what is left may take when the producer is closed. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	/** Which partition of its topic it publishes to. */
	int partition() {
		return new Topic(this.topic).partition();
	}

	/** The same for one of the topic's partitions, with its share of what is bounded. */
	ProducerSettings ofPartition(int number, int count) {
		LanePlan lanes = (this.plan instanceof LanePlan.Keyed keyed)
				? new LanePlan.Keyed(Math.max(1, keyed.lanes() / count)) : this.plan;
		return new ProducerSettings(new Topic(this.topic).partition(number).name(), this.name, this.accessMode, lanes,
				this.shareStreams, this.sendTimeout, this.maxPending, this.maxPendingBytes, this.waitWhenFull,
				this.batchMaxMessages, this.batchMaxBytes, this.linger, this.compression, this.failures);
	}

	Duration closeTimeout() {
		return (this.sendTimeout.compareTo(CLOSE_TIMEOUT) < 0) ? this.sendTimeout : CLOSE_TIMEOUT;
	}

}
