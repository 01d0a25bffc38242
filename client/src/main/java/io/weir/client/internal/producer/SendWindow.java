package io.weir.client.internal.producer;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import io.weir.message.Compression;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.BatchCompression.EncodedBatch;
import io.weir.wire.codec.MessageBatch;

/**
 * The batches that have neither receipt nor failure, in the order of their sequence ids,
 * which it gives out. It keeps them so close together that the broker can tell
 * duplicates. Only touched on the producer's executor.
 */
final class SendWindow {

	private final ArrayDeque<OutgoingBatch> batches = new ArrayDeque<>();

	private final Compression compression;

	/** -1 until the broker has said what it has seen. */
	private long nextSequence = -1;

	private int limit = 1;

	SendWindow(Compression compression) {
		this.compression = compression;
	}

	/**
	 * The broker said which sequence ids it has seen under this name. That counts the
	 * first time only: later it has seen some of this producer's.
	 */
	void beginAfter(long lastSequence) {
		if (this.nextSequence < 0) {
			this.nextSequence = lastSequence + 1;
		}
	}

	/** How far apart sequence ids may be. */
	void limit(int limit) {
		this.limit = limit;
	}

	/** How many messages may join now. */
	int room() {
		OutgoingBatch oldest = this.batches.peek();
		long used = (oldest != null) ? this.nextSequence - oldest.firstSequence() : 0;
		return (int) Math.max(0, this.limit - used);
	}

	/** Makes a batch of at most {@link #room()} messages; if that fails, of none. */
	OutgoingBatch add(List<OutgoingMessage> messages, Lane lane) {
		int size = 0;
		for (OutgoingMessage message : messages) {
			size += message.size();
		}
		OutgoingBatch batch = new OutgoingBatch(this.nextSequence, messages, compress(encode(messages, size)), lane);
		this.nextSequence += messages.size();
		this.batches.add(batch);
		return batch;
	}

	private EncodedBatch compress(ByteBuf bytes) {
		return BatchCompression.compress(ByteBufAllocator.DEFAULT, this.compression, bytes);
	}

	private static ByteBuf encode(List<OutgoingMessage> messages, int size) {
		ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(size);
		boolean complete = false;
		try {
			for (OutgoingMessage message : messages) {
				MessageBatch.write(bytes, message.record());
			}
			complete = true;
			return bytes;
		}
		finally {
			if (!complete) {
				bytes.release();
			}
		}
	}

	/** Forgets the oldest batches as far as they are settled. */
	void advance() {
		OutgoingBatch oldest = this.batches.peek();
		while (oldest != null && oldest.isSettled()) {
			this.batches.remove();
			oldest = this.batches.peek();
		}
	}

	/** Calls for each batch that is not settled, oldest first. */
	void forEachOpen(Consumer<OutgoingBatch> action) {
		for (OutgoingBatch batch : this.batches) {
			if (!batch.isSettled()) {
				action.accept(batch);
			}
		}
	}

}
