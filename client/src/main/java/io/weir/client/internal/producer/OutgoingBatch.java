package io.weir.client.internal.producer;

import java.util.List;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression.EncodedBatch;

/**
 * Messages that are published together, encoded and compressed once: however often the
 * batch is sent, it is the same bytes under the same sequence ids, by which the broker
 * knows a duplicate. Holds its bytes until it is {@link #settle() settled}. Only touched
 * on the producer's executor.
 */
final class OutgoingBatch {

	/** How often it is sent while it gets damaged on the way. */
	static final int MAX_TRIES = 3;

	private final long firstSequence;

	private final List<OutgoingMessage> messages;

	private final BatchEncoding encoding;

	private final ByteBuf bytes;

	private final Lane lane;

	private final int size;

	private boolean settled;

	/** How often it came to the broker with other bytes. */
	private int damaged;

	OutgoingBatch(long firstSequence, List<OutgoingMessage> messages, EncodedBatch encoded, Lane lane) {
		this.firstSequence = firstSequence;
		this.messages = messages;
		this.encoding = encoded.encoding();
		this.bytes = encoded.bytes();
		this.size = this.bytes.readableBytes();
		this.lane = lane;
	}

	/** The request for a producer id; holds the bytes by itself. */
	Frame.Publish publish(long producerId) {
		return new Frame.Publish(producerId, this.firstSequence, this.messages.size(), this.encoding,
				this.bytes.retainedDuplicate());
	}

	/**
	 * It came to the broker with other bytes than those of its checksum.
	 * @return why there is no use in sending it again, or {@code null}
	 */
	@Nullable ProtocolException damaged(ProtocolException cause) {
		if (!this.encoding.matches(this.bytes)) {
			return new ProtocolException(ErrorCode.CHECKSUM_MISMATCH,
					"The bytes of " + this.messages.size() + " messages have changed in this client's memory", cause);
		}
		this.damaged++;
		return (this.damaged < MAX_TRIES) ? null : cause;
	}

	/** The broker takes less, perhaps less than the one before it. */
	static ProtocolException tooLarge(int size, int limit) {
		return new ProtocolException(ErrorCode.MESSAGE_TOO_LARGE,
				"The message takes " + size + " bytes, the broker takes at most " + limit);
	}

	/** How long it is, in bytes. */
	int size() {
		return this.size;
	}

	/**
	 * Gives up the bytes: there is a receipt, or a failure.
	 * @return whether this was the first time
	 */
	boolean settle() {
		if (this.settled) {
			return false;
		}
		this.settled = true;
		this.bytes.release();
		return true;
	}

	boolean isSettled() {
		return this.settled;
	}

	/** When the first of its messages was accepted. */
	long queuedAt() {
		return this.messages.get(0).queuedAt();
	}

	long firstSequence() {
		return this.firstSequence;
	}

	List<OutgoingMessage> messages() {
		return this.messages;
	}

	Lane lane() {
		return this.lane;
	}

}
