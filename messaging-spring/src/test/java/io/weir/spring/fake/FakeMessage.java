package io.weir.spring.fake;

import java.nio.ByteBuffer;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;

/** A message with everything set. */
public record FakeMessage<T>(MessageId id, String topic, @Nullable String key, Headers headers, byte[] payload,
		Schema<T> schema, int redeliveryCount) implements Message<T> {

	public static final Instant PUBLISHED = Instant.parse("2026-01-01T00:00:00Z");

	public static final Instant HAPPENED = Instant.parse("2025-12-31T00:00:00Z");

	public static MessageId id(long entry) {
		return MessageId.parse("0:0:" + entry + ":0");
	}

	@Override
	public T value() {
		return this.schema.decode(ByteBuffer.wrap(this.payload), this.headers);
	}

	@Override
	public Instant publishTime() {
		return PUBLISHED;
	}

	@Override
	public Instant eventTime() {
		return HAPPENED;
	}

	@Override
	public String producerName() {
		return "fake";
	}

	@Override
	public long sequenceId() {
		return Long.parseLong(id().toString().split(":")[2]);
	}

	FakeMessage<T> redelivered() {
		return new FakeMessage<>(this.id, this.topic, this.key, this.headers, this.payload, this.schema,
				this.redeliveryCount + 1);
	}

}
