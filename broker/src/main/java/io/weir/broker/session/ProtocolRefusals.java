package io.weir.broker.session;

import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolLimitException;

/**
 * Counts what clients were refused since it is larger than the broker takes, or exceeds
 * another limit of the protocol. Safe to use from any thread.
 */
public final class ProtocolRefusals {

	private final LongAdder tooLarge = new LongAdder();

	private final LongAdder others = new LongAdder();

	ProtocolRefusals() {
	}

	/** Something was refused, or has ended a stream, perhaps for another reason. */
	void count(@Nullable Throwable cause) {
		if (cause instanceof ProtocolLimitException exceeded) {
			boolean size = exceeded.code() == ErrorCode.MESSAGE_TOO_LARGE
					|| exceeded.code() == ErrorCode.FRAME_TOO_LARGE;
			(size ? this.tooLarge : this.others).increment();
		}
	}

	/**
	 * Batches and frames that are larger than the broker takes.
	 * @return how many
	 */
	public long tooLarge() {
		return this.tooLarge.sum();
	}

	/**
	 * Requests that exceed another limit of the protocol, as the length of a name.
	 * @return how many
	 */
	public long others() {
		return this.others.sum();
	}

}
