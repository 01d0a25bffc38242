package io.weir.broker.store.memory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.Extent;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.broker.store.TopicLog;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** A writer's hold on a topic, with what was there when it was opened. */
final class MemoryTopicLog implements TopicLog, CursorStore, ScheduleStore {

	private final MemoryTopic stored;

	private final MemoryStorageEngine engine;

	private final CompletableFuture<StorageException> lost = new CompletableFuture<>();

	private volatile boolean closed;

	MemoryTopicLog(MemoryTopic stored, MemoryStorageEngine engine) {
		this.stored = stored;
		this.engine = engine;
	}

	/** Becomes the writer. */
	OpenedLog open(long ownerEpoch) {
		this.stored.open(this, ownerEpoch);
		return new OpenedLog(this, this.stored.producers(), this.stored.cursorSnapshot());
	}

	@Override
	public Topic topic() {
		return this.stored.topic();
	}

	@Override
	public CompletionStage<StorageException> lost() {
		return this.lost;
	}

	void lose(StorageException reason) {
		this.lost.complete(reason);
	}

	/** Why it may not write. */
	StorageException reason() {
		StorageException reason = this.lost.getNow(null);
		return (reason != null) ? reason : new StorageException("The log of topic " + topic() + " is closed", null);
	}

	/** Copies the bytes: they may be a small part of a large network buffer. */
	@Override
	public CompletionStage<Position> append(EntryHeader header, ByteBuf batch) {
		return writeBatch(batch, (bytes) -> this.stored.append(header, bytes));
	}

	private <T> CompletionStage<T> writeBatch(ByteBuf batch, Function<byte[], T> action) {
		try {
			return write(() -> action.apply(ByteBufUtil.getBytes(batch)));
		}
		finally {
			batch.release();
		}
	}

	@Override
	public CompletionStage<List<Entry>> read(Position from, int maxEntries, int maxBytes) {
		return ask(() -> this.stored.read(from, maxEntries, maxBytes));
	}

	@Override
	public CompletionStage<Position> find(long publishTime) {
		return ask(() -> this.stored.find(publishTime));
	}

	@Override
	public CompletionStage<Position> findByte(long offset) {
		return ask(() -> this.stored.findByte(offset));
	}

	@Override
	public CompletionStage<Extent> findExtent(Position position) {
		return ask(() -> this.stored.findExtent(position));
	}

	@Override
	public Position first() {
		return this.stored.first();
	}

	@Override
	public Position lastConfirmed() {
		return this.stored.last();
	}

	@Override
	public Extent extent() {
		return this.stored.extent();
	}

	@Override
	public CompletionStage<Position> trim(Position before) {
		return write(() -> this.stored.trim(before));
	}

	@Override
	public CompletionStage<Void> remove(Set<Position> entries) {
		return change(() -> this.stored.remove(entries));
	}

	/** Nobody changes what is in memory. */
	@Override
	public CompletionStage<Map<Position, Integer>> removeDamaged(Position from, Position to) {
		return write(Map::of);
	}

	@Override
	@SuppressWarnings("NullAway") // a stage of Void completes with null
	public CompletionStage<Void> delete() {
		return complete(() -> {
			this.engine.delete(this.stored, () -> this.stored.write(this, () -> {
				this.stored.delete();
				return true;
			}));
			return null;
		});
	}

	@Override
	public CompletionStage<Void> storeEpochs(String producer, Epochs epochs) {
		return change(() -> this.stored.storeEpochs(producer, epochs));
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
	public ScheduleStore schedule() {
		return this;
	}

	@Override
	public long firstDue() {
		return this.stored.firstDue();
	}

	@Override
	public long size() {
		return this.stored.scheduled();
	}

	@Override
	public CompletionStage<Position> add(long due, EntryHeader header, ByteBuf batch) {
		return writeBatch(batch, (bytes) -> this.stored.schedule(due, header, bytes));
	}

	@Override
	public CompletionStage<Due> read(long upTo, int maxEntries, int maxBytes) {
		return ask(() -> this.stored.due(upTo, maxEntries, maxBytes));
	}

	@Override
	public CompletionStage<Position> append(Position scheduled, EntryHeader header, ByteBuf batch) {
		return writeBatch(batch, (bytes) -> this.stored.appendDue(scheduled, header, bytes));
	}

	@Override
	public CompletionStage<Boolean> remove(Position scheduled) {
		return write(() -> this.stored.unschedule(scheduled));
	}

	@Override
	public void close() {
		this.closed = true;
		this.stored.close(this);
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
	public CompletionStage<Void> acknowledge(String subscription, CursorChange change) {
		return change(() -> cursor(subscription).acknowledge(change));
	}

	@Override
	public CompletionStage<Void> move(String subscription, Cursor target) {
		return change(() -> cursor(subscription).move(target));
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

	private <T> CompletionStage<T> ask(Supplier<T> question) {
		return complete(() -> {
			if (this.closed) {
				throw reason();
			}
			return question.get();
		});
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
