package io.weir.broker.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

import io.netty.buffer.ByteBuf;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.MessageIndexBuilder;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.MessageTimes;
import io.weir.wire.ProtocolException;
import io.weir.wire.ProtocolLimitException;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.MessageBatch;

/**
 * Looks into the batches that clients publish, before a topic is given them. Safe to use
 * from any thread, each batch by one.
 */
final class IncomingBatches {

	private final int maxMessageSize;

	/** Memory for all that comes, of which decompressing takes some for a moment. */
	private final Budget memory;

	private final InstantSource clock;

	private final Budget maxDelay;

	private final LongAdder damaged = new LongAdder();

	private final ProtocolRefusals refusals = new ProtocolRefusals();

	IncomingBatches(SessionSettings settings) {
		this.maxMessageSize = settings.maxMessageSize();
		this.clock = settings.clock();
		this.maxDelay = settings.budgets().of(BrokerLimit.MESSAGE_DELAY);
		this.memory = settings.budgets().of(BrokerLimit.INCOMING_MEMORY);
	}

	/**
	 * Checks that a batch is what it says, and what its producer made, and notes what is
	 * to be known of each message. It is stored as it came, compressed or not.
	 * @param publish the batch; the command has its buffer, or has released it
	 * @param ask takes credit for so many bytes
	 * @return what the topic is to hear: also of a batch that is to be sent again, so
	 * that what the producer sent after it does not overtake it
	 * @throws ProtocolException if it must not be stored; then the batch is the caller's
	 */
	Command command(Frame.Publish publish, Peer producer, IntFunction<ReplyTo> ask) {
		MessageIndex index;
		try {
			index = check(publish);
		}
		catch (ProtocolException ex) {
			if (!ex.code().retryable() && ex.code() != ErrorCode.CHECKSUM_MISMATCH) {
				throw ex;
			}
			StorageFailure failure = new StorageFailure(ex.code(), String.valueOf(ex.getMessage()));
			Command refused = new Command.PublishRefused(ask.apply(publish.batch().readableBytes()), producer,
					publish.firstSequence(), publish.count(), failure);
			publish.release();
			return refused;
		}
		return new Command.Publish(ask.apply(cost(publish, index)), producer, publish.firstSequence(), index,
				publish.encoding(), publish.batch());
	}

	/** Its bytes, what it took to look into them, and what was found there. */
	private static int cost(Frame.Publish publish, MessageIndex index) {
		return publish.batch().readableBytes() + publish.encoding().uncompressedSize() + index.memory();
	}

	private MessageIndex check(Frame.Publish publish) {
		BatchEncoding encoding = publish.encoding();
		checkSize(publish.batch().readableBytes());
		checkSize(encoding.uncompressedSize());
		checkChecksum(publish);
		if (encoding.isCompressed() && !BatchCompression.available().contains(encoding.compression())) {
			throw new ProtocolException(ErrorCode.NOT_SUPPORTED, "This broker takes no batches compressed with "
					+ encoding.compression() + "; it takes " + BatchCompression.available());
		}
		int taken = encoding.uncompressedSize();
		if (taken > 0 && !this.memory.tryTake(taken)) {
			throw new ProtocolException(ErrorCode.OVERLOADED, "A batch of " + taken
					+ " bytes is too much now: the broker has " + this.memory.limit() + " bytes for all that comes");
		}
		try {
			return index(MessageBatch.decompressed(encoding, publish.batch()), publish.count());
		}
		finally {
			this.memory.giveBack(taken);
		}
	}

	private MessageIndex index(ByteBuf batch, int count) {
		try {
			MessageIndexBuilder index = MessageIndex.builder(count);
			MessageBatch.check(batch, count, (size, keyHash, times) -> add(size, keyHash, times, count, index));
			return index.build();
		}
		finally {
			batch.release();
		}
	}

	private void add(int size, int keyHash, MessageTimes times, int count, MessageIndexBuilder index) {
		if (times.equals(MessageTimes.ANY)) {
			index.add(size, keyHash, MessageIndex.AT_ONCE, MessageIndex.NEVER);
			return;
		}
		long now = this.clock.millis();
		long deliverAt = times.deliverAt(now);
		if (times.isDelayed()) {
			checkDelay(deliverAt, now, count);
		}
		index.add(size, keyHash, (deliverAt > now) ? deliverAt : MessageIndex.AT_ONCE, times.expiresAt(now));
	}

	private void checkDelay(long deliverAt, long now, int count) {
		if (count > 1) {
			throw new ProtocolException(ErrorCode.INVALID_REQUEST,
					"A message that is to be delivered later travels alone, not in a batch of " + count);
		}
		if (deliverAt > now && deliverAt - now > this.maxDelay.limit()) {
			this.maxDelay.countRefusal();
			throw new ProtocolException(ErrorCode.INVALID_REQUEST,
					"The message is to be delivered in " + Duration.ofMillis(deliverAt - now) + "; at most "
							+ Duration.ofMillis(this.maxDelay.limit()) + " are allowed, the limit is "
							+ BrokerLimit.MESSAGE_DELAY.property());
		}
	}

	private void checkSize(int bytes) {
		if (bytes > this.maxMessageSize) {
			throw new ProtocolLimitException(ErrorCode.MESSAGE_TOO_LARGE,
					"The messages take " + bytes + " bytes, the broker takes at most " + this.maxMessageSize);
		}
	}

	private void checkChecksum(Frame.Publish publish) {
		if (!publish.encoding().matches(publish.batch())) {
			this.damaged.increment();
			throw new ProtocolException(ErrorCode.CHECKSUM_MISMATCH,
					"The " + publish.count() + " messages from sequence id " + publish.firstSequence() + ", "
							+ publish.batch().readableBytes()
							+ " bytes, have come with other bytes than those of which their checksum was made");
		}
	}

	/** Who is told of what exceeds a limit that does not depend on what else goes on. */
	ProtocolRefusals refusals() {
		return this.refusals;
	}

	/** How many batches had another checksum than they should. */
	long damaged() {
		return this.damaged.sum();
	}

}
