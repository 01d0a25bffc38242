package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.MessageIndexes;
import io.weir.wire.BatchEncoding;

import static org.assertj.core.api.Assertions.assertThat;

/** Makes the batches of a simulation, and sees that all buffers are released. */
final class SimulatedMessages {

	private final Random random;

	private final List<ByteBuf> buffers = new ArrayList<>();

	SimulatedMessages(Random random) {
		this.random = random;
	}

	/** Each producer has three keys, which follow one another, also within a batch. */
	static int key(String producer, long sequence) {
		return 31 * producer.hashCode() + (int) (sequence % 3);
	}

	/** A batch each of whose messages says who published it, and which it is. */
	Command.Publish publish(ReplyTo replyTo, Peer peer, String producer, long firstSequence, int count, long dueAt) {
		int padding = this.random.nextInt(1000);
		ByteBuf batch = batch(producer, firstSequence, count, padding);
		int size = Integer.BYTES + Long.BYTES + padding;
		MessageIndex index = MessageIndexes.of(count,
				(i) -> new long[] { size, key(producer, firstSequence + i), dueAt, MessageIndex.NEVER });
		return new Command.Publish(replyTo, peer, firstSequence, index, BatchEncoding.plain(batch), batch);
	}

	private ByteBuf batch(String producer, long firstSequence, int count, int padding) {
		ByteBuf batch = Unpooled.buffer();
		for (int i = 0; i < count; i++) {
			batch.writeInt(producer.hashCode()).writeLong(firstSequence + i).writeZero(padding);
		}
		return seen(batch);
	}

	/** A buffer is to be released. */
	ByteBuf seen(ByteBuf buffer) {
		this.buffers.add(buffer);
		return buffer;
	}

	/** Nobody holds a buffer any more. */
	void checkReleased() {
		assertThat(this.buffers).as("buffers").allMatch((buffer) -> buffer.refCnt() == 0);
		this.buffers.clear();
	}

}
