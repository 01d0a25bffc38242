package io.weir.client.internal.consumer;

import java.nio.ByteBuffer;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;

/**
 * A message with a payload of its own, so that it needs no release.
 *
 * @param <T> the type of the value
 */
final class ReceivedMessage<T> implements Message<T> {

	private final MessageId id;

	private final Origin<T> origin;

	private final long sequenceId;

	private final @Nullable String key;

	private final @Nullable Instant eventTime;

	private final Headers headers;

	private final byte[] payload;

	private final int size;

	ReceivedMessage(MessageId id, Origin<T> origin, long sequenceId, @Nullable String key, @Nullable Instant eventTime,
			Headers headers, byte[] payload, int size) {
		this.id = id;
		this.origin = origin;
		this.sequenceId = sequenceId;
		this.key = key;
		this.eventTime = eventTime;
		this.headers = headers;
		this.payload = payload;
		this.size = size;
	}

	/** How many bytes the message takes in a batch, headers included. */
	int size() {
		return this.size;
	}

	@Override
	public MessageId id() {
		return this.id;
	}

	@Override
	public String topic() {
		return this.origin.topic();
	}

	@Override
	public T value() {
		return this.origin.schema().decode(ByteBuffer.wrap(this.payload).asReadOnlyBuffer(), headers());
	}

	@Override
	public byte[] payload() {
		return this.payload.clone();
	}

	@Override
	public @Nullable String key() {
		return this.key;
	}

	@Override
	public Headers headers() {
		return this.headers;
	}

	@Override
	public Instant publishTime() {
		return Instant.ofEpochMilli(this.origin.publishTime());
	}

	@Override
	public @Nullable Instant eventTime() {
		return this.eventTime;
	}

	@Override
	public String producerName() {
		return this.origin.producerName();
	}

	@Override
	public long sequenceId() {
		return this.sequenceId;
	}

	@Override
	public int redeliveryCount() {
		return this.origin.redeliveryCount();
	}

	@Override
	public String toString() {
		return "Message[" + this.origin.topic() + " " + this.id + ", " + this.payload.length + " bytes"
				+ ((this.key != null) ? ", key " + this.key : "") + "]";
	}

	/** What the messages of one delivery have in common. */
	record Origin<T>(String topic, Schema<T> schema, long publishTime, String producerName, int redeliveryCount) {
	}

}
