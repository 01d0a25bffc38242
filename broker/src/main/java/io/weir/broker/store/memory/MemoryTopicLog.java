package io.weir.broker.store.memory;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import io.weir.broker.store.CursorStore;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.TopicLog;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** A writer's hold on a topic, with what was there when it was opened. */
final class MemoryTopicLog implements TopicLog, CursorStore {

	private final MemoryTopic stored;

	private final Map<String, List<StoredBatch>> producers;

	private final Map<String, Cursor> cursors;

	private final CompletableFuture<StorageException> lost = new CompletableFuture<>();

	MemoryTopicLog(MemoryTopic stored) {
		this.stored = stored;
		stored.open(this);
		this.producers = stored.producers();
		this.cursors = stored.cursorSnapshot();
	}

	@Override
	public Topic topic() {
		return this.stored.topic();
	}

	@Override
	public CompletionStage<StorageException> lost() {
		return this.lost;
	}

	void fence() {
		this.lost.complete(MemoryTopic.fenced(topic()));
	}

	/** Copies the bytes: they may be a small part of a large network buffer. */
	@Override
	public CompletionStage<Position> append(EntryHeader header, ByteBuf batch) {
		try {
			return write(() -> this.stored.append(header, ByteBufUtil.getBytes(batch)));
		}
		finally {
			batch.release();
		}
	}

	@Override
	public CompletionStage<List<Entry>> read(Position from, int maxEntries, int maxBytes) {
		return complete(() -> this.stored.read(from, maxEntries, maxBytes));
	}

	@Override
	public CompletionStage<Position> find(long publishTime) {
		return complete(() -> this.stored.find(publishTime));
	}

	@Override
	public CompletionStage<Long> count(Position after, Position upTo) {
		return complete(() -> this.stored.count(after, upTo));
	}

	@Override
	public Position first() {
		return new Position(0, 0);
	}

	@Override
	public Position lastConfirmed() {
		return this.stored.last();
	}

	@Override
	public Map<String, List<StoredBatch>> producers() {
		return this.producers;
	}

	@Override
	public CompletionStage<Void> forgetProducers(Set<String> names) {
		return change(() -> this.stored.forgetProducers(names));
	}

	@Override
	public CursorStore cursors() {
		return this;
	}

	@Override
	public Map<String, Cursor> load() {
		return this.cursors;
	}

	@Override
	public CompletionStage<Void> create(String subscription, SubscriptionType type, Position acknowledgedUpTo) {
		return change(() -> {
			if (this.stored.cursors().putIfAbsent(subscription, new MemoryCursor(type, acknowledgedUpTo)) != null) {
				throw new StorageException("Topic " + topic() + " has a subscription '" + subscription + "' already",
						null);
			}
		});
	}

	@Override
	public CompletionStage<Void> acknowledge(String subscription, Position acknowledgedUpTo,
			Map<Position, BitSet> entries) {
		return change(() -> cursor(subscription).acknowledge(acknowledgedUpTo, entries));
	}

	@Override
	public CompletionStage<Void> move(String subscription, Position acknowledgedUpTo, Map<Position, BitSet> entries) {
		return change(() -> cursor(subscription).move(acknowledgedUpTo, entries));
	}

	private MemoryCursor cursor(String subscription) {
		MemoryCursor cursor = this.stored.cursors().get(subscription);
		if (cursor == null) {
			throw new StorageException("Topic " + topic() + " has no subscription '" + subscription + "'", null);
		}
		return cursor;
	}

	@Override
	public CompletionStage<Void> delete(String subscription) {
		return change(() -> this.stored.cursors().remove(subscription));
	}

	@SuppressWarnings("NullAway") // a stage of Void completes with null
	private CompletionStage<Void> change(Runnable action) {
		return write(() -> {
			action.run();
			return null;
		});
	}

	private <T> CompletionStage<T> write(Supplier<T> action) {
		return complete(() -> this.stored.write(this, action));
	}

	private static <T> CompletionStage<T> complete(Supplier<T> action) {
		try {
			return CompletableFuture.completedFuture(action.get());
		}
		catch (StorageException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

}
