package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

import io.weir.time.BackoffRule;
import io.weir.wire.RedeliveryPolicy;

/** The redelivery policy that a consumer states when it subscribes. */
final class RedeliveryCodec {

	private static final String REDELIVERIES = "number of redeliveries";

	private RedeliveryCodec() {
	}

	static void write(ByteBuf out, RedeliveryPolicy policy) {
		Options.write(out, ReservedOption.REDELIVERY_POLICY, (value) -> {
			Varint.write(value, "acknowledgement timeout", policy.ackTimeout());
			Varint.write(value, "first delay", policy.backoff().initial());
			value.writeDouble(policy.backoff().multiplier());
			Varint.write(value, "longest delay", policy.backoff().max());
			value.writeDouble(policy.backoff().jitter());
			Varint.write(value, REDELIVERIES, 0, Integer.MAX_VALUE, policy.maxRedeliveries());
			Text.NAME.writeNullable(value, "dead-letter topic", policy.deadLetterTopic());
		});
	}

	/** Reads the value of the option. */
	static RedeliveryPolicy read(ByteBuf value) {
		long ackTimeout = Varint.read(value, "acknowledgement timeout");
		long initial = Varint.read(value, "first delay");
		double multiplier = Double.longBitsToDouble(EightBytes.read(value, "multiplier"));
		long max = Varint.read(value, "longest delay");
		double jitter = Double.longBitsToDouble(EightBytes.read(value, "jitter"));
		int redeliveries = Varint.readInt(value, REDELIVERIES, 0, Integer.MAX_VALUE);
		String topic = Text.NAME.readNullable(value, "dead-letter topic");
		if (value.isReadable()) {
			throw Malformed.bytes("The redelivery policy has " + value.readableBytes() + " bytes too many");
		}
		try {
			return new RedeliveryPolicy(ackTimeout, new BackoffRule(initial, multiplier, max, jitter), redeliveries,
					topic);
		}
		catch (IllegalArgumentException ex) {
			throw Malformed.bytes(String.valueOf(ex.getMessage()));
		}
	}

}
