package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.wire.Frame.Subscribe;
import io.weir.wire.RedeliveryPolicy;

/** What a consumer may state when it subscribes. */
final class SubscribeOptions {

	private @Nullable RedeliveryPolicy redelivery;

	private boolean compacted;

	private SubscribeOptions() {
	}

	static void write(ByteBuf out, Subscribe frame) {
		if (frame.redelivery() != null) {
			RedeliveryCodec.write(out, frame.redelivery());
		}
		if (frame.compacted()) {
			Options.write(out, ReservedOption.COMPACTED, (value) -> {
			});
		}
	}

	static SubscribeOptions read(ByteBuf body) {
		SubscribeOptions options = new SubscribeOptions();
		Options.read(body, FrameType.SUBSCRIBE, options::take);
		return options;
	}

	private boolean take(long number, ByteBuf value) {
		if (number == ReservedOption.REDELIVERY_POLICY.number()) {
			this.redelivery = RedeliveryCodec.read(value);
			return true;
		}
		if (number == ReservedOption.COMPACTED.number()) {
			this.compacted = true;
			return true;
		}
		return false;
	}

	@Nullable RedeliveryPolicy redelivery() {
		return this.redelivery;
	}

	boolean compacted() {
		return this.compacted;
	}

}
