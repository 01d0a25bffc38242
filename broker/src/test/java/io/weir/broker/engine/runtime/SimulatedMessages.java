package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.MessageIndexBuilder;
import io.weir.message.Headers;
import io.weir.wire.BatchEncoding;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.MessageBatch;

import static org.assertj.core.api.Assertions.assertThat;

/** Makes the batches of a simulation, and sees that all buffers are released. */
final class SimulatedMessages {

	private final Random random;

	private final List<ByteBuf> buffers = new ArrayList<>();

	SimulatedMessages(Random random) {
		this.random = random;
	}

	/**
	 * Each producer has three keys, which follow one another, also within a batch; and
	 * now and then one that comes once.
	 */
	static int key(String producer, long sequence) {
		return 31 * producer.hashCode() + (int) ((sequence % 23 == 0) ? sequence : sequence % 3);
	}

	/**
	 * A batch each of whose messages says who published it, and which it is.
	 * @param expiresAt when every other of the messages expires
	 */
	Command.Publish publish(ReplyTo replyTo, Peer peer, String producer, long firstSequence, int count, long dueAt,
			long expiresAt) {
		return publish(replyTo, peer, producer, firstSequence,
				IntStream.range(0, count).map((i) -> key(producer, firstSequence + i)).toArray(), dueAt, expiresAt);
	}

	/** The same with the keys that are given, of messages that come at once. */
	Command.Publish publish(ReplyTo replyTo, Peer peer, String producer, long firstSequence, int[] keys) {
		return publish(replyTo, peer, producer, firstSequence, keys, Long.MIN_VALUE, MessageIndex.NEVER);
	}

	private Command.Publish publish(ReplyTo replyTo, Peer peer, String producer, long firstSequence, int[] keys,
			long dueAt, long expiresAt) {
		ByteBuf batch = seen(Unpooled.buffer());
		MessageIndexBuilder index = MessageIndex.builder(keys.length);
		int padding = this.random.nextInt(1000);
		for (int i = 0; i < keys.length; i++) {
			int start = batch.readableBytes();
			ByteBuf payload = Unpooled.buffer()
				.writeInt(producer.hashCode())
				.writeLong(firstSequence + i)
				.writeZero(padding);
			MessageBatch.write(batch, new MessageRecord("key " + keys[i], null, Headers.empty(), payload));
			index.add(batch.readableBytes() - start, keys[i], dueAt, (i % 2 == 0) ? expiresAt : MessageIndex.NEVER);
		}
		return new Command.Publish(replyTo, peer, firstSequence, index.build(), BatchEncoding.plain(batch), batch);
	}

	/** The messages of a delivery must be those that their producer made. */
	static List<MessageRecord> checkBytes(Effect.Deliver deliver) {
		Entry entry = deliver.entry();
		List<MessageRecord> records = MessageBatch.read(entry.part(deliver.firstIndex(), deliver.count()),
				deliver.count());
		for (int i = 0; i < deliver.count(); i++) {
			int index = deliver.firstIndex() + i;
			Simulation.require(is(records.get(i), entry.header(), index), "%s has other bytes",
					entry.position().message(index));
		}
		return records;
	}

	/** Whether a message is the one that its producer made. */
	static boolean is(MessageRecord message, EntryHeader of, int index) {
		ByteBuf payload = message.payload().duplicate();
		return payload.readInt() == of.producerName().hashCode() && payload.readLong() == of.firstSequence() + index;
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
