package io.weir.spring.listener;

import java.nio.ByteBuffer;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.weir.client.WeirException;
import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SchemaException;

/** A message with its value as the listener's parameter says. */
record TypedMessage<T>(Message<byte[]> raw, T value) implements Message<T> {

	static <T> TypedMessage<T> decode(Message<byte[]> raw, Schema<T> schema) {
		try {
			return new TypedMessage<>(raw,
					schema.decode(ByteBuffer.wrap(raw.value()).asReadOnlyBuffer(), raw.headers()));
		}
		catch (SchemaException ex) {
			throw WeirException.from(ex);
		}
	}

	@Override
	public MessageId id() {
		return this.raw.id();
	}

	@Override
	public String topic() {
		return this.raw.topic();
	}

	@Override
	public byte[] payload() {
		return this.raw.payload();
	}

	@Override
	public @Nullable String key() {
		return this.raw.key();
	}

	@Override
	public Headers headers() {
		return this.raw.headers();
	}

	@Override
	public Instant publishTime() {
		return this.raw.publishTime();
	}

	@Override
	public @Nullable Instant eventTime() {
		return this.raw.eventTime();
	}

	@Override
	public String producerName() {
		return this.raw.producerName();
	}

	@Override
	public long sequenceId() {
		return this.raw.sequenceId();
	}

	@Override
	public int redeliveryCount() {
		return this.raw.redeliveryCount();
	}

}
