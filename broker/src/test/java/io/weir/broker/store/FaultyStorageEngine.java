package io.weir.broker.store;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;

import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.concurrent.DaemonThreads;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * An engine that lets a test decide what goes wrong with another one. Everything
 * completes on a thread of its own, later, in the order in which it was done.
 */
public final class FaultyStorageEngine implements StorageEngine {

	private final StorageEngine engine;

	private final ExecutorService completions = Executors
		.newSingleThreadExecutor((task) -> DaemonThreads.newThread("faulty-store", task));

	private final AtomicInteger untilFault = new AtomicInteger(-1);

	private volatile Kind fault = Kind.FAILED;

	/** Where entries cannot be read, of whatever topic. */
	private final Set<Position> damaged = ConcurrentHashMap.newKeySet();

	public FaultyStorageEngine(StorageEngine engine) {
		this.engine = engine;
	}

	/**
	 * After so many more appends one fails, and with it its log. If it is fenced, another
	 * owner really has the topic.
	 */
	public void failAfter(int appends, Kind kind) {
		this.fault = kind;
		this.untilFault.set(appends);
	}

	/** An entry of one message cannot be read any more. */
	public void damage(Position position) {
		this.damaged.add(position);
	}

	@Override
	public Durability durability() {
		return this.engine.durability();
	}

	@Override
	public Set<Topic> topics() {
		return this.engine.topics();
	}

	@Override
	public MetadataStore metadata() {
		return this.engine.metadata();
	}

	@Override
	public OwnershipService ownership() {
		return this.engine.ownership();
	}

	@Override
	public CompletionStage<OpenedLog> open(Topic topic, long ownerEpoch) {
		return later(this.engine.open(topic, ownerEpoch)
			.thenApply((opened) -> new OpenedLog(new FaultyLog(opened.log(), ownerEpoch), opened.producers(),
					opened.cursors())));
	}

	@Override
	public StorageStatus status() {
		return this.engine.status();
	}

	@Override
	public StorageException refusal() {
		return this.engine.refusal();
	}

	@Override
	public void close() {
		this.engine.close();
		this.completions.shutdown();
		StoreFixture.awaitEnd(this.completions);
	}

	private <T> CompletionStage<T> later(CompletionStage<T> stage) {
		CompletableFuture<T> later = new CompletableFuture<>();
		stage.whenComplete((result, failure) -> {
			Runnable completion = () -> {
				if (failure != null) {
					later.completeExceptionally(failure);
				}
				else {
					later.complete(result);
				}
			};
			try {
				this.completions.execute(completion);
			}
			catch (RejectedExecutionException ex) {
				completion.run();
			}
		});
		return later;
	}

	/** A log of which an append may fail. */
	private final class FaultyLog implements TopicLog, CursorStore, ScheduleStore {

		private final TopicLog log;

		private final long ownerEpoch;

		private final CompletableFuture<StorageException> lost = new CompletableFuture<>();

		FaultyLog(TopicLog log, long ownerEpoch) {
			this.log = log;
			this.ownerEpoch = ownerEpoch;
			later(log.lost()).thenAccept(this.lost::complete);
		}

		@Override
		public CompletionStage<Position> append(EntryHeader header, ByteBuf batch) {
			return write(batch, () -> this.log.append(header, batch));
		}

		private CompletionStage<Position> write(ByteBuf batch, Supplier<CompletionStage<Position>> action) {
			if (FaultyStorageEngine.this.untilFault.get() >= 0
					&& FaultyStorageEngine.this.untilFault.getAndDecrement() == 0) {
				fail(FaultyStorageEngine.this.fault);
			}
			StorageException reason = this.lost.getNow(null);
			if (reason != null && reason.kind() != Kind.FENCED) {
				batch.release();
				return later(CompletableFuture.failedFuture(reason));
			}
			return later(action.get());
		}

		private void fail(Kind kind) {
			if (kind == Kind.FENCED) {
				StoreFixture.await(FaultyStorageEngine.this.engine.open(topic(), this.ownerEpoch + 1)).log().close();
			}
			else {
				this.lost.complete(new StorageException(kind, "The test wanted it to fail: " + kind, null));
			}
		}

		@Override
		public Topic topic() {
			return this.log.topic();
		}

		@Override
		public CompletionStage<StorageException> lost() {
			return later(this.lost);
		}

		@Override
		public CompletionStage<List<Entry>> read(Position from, int maxEntries, int maxBytes) {
			return later(this.log.read(from, maxEntries, maxBytes).thenApply(this::beforeDamage));
		}

		private List<Entry> beforeDamage(List<Entry> entries) {
			List<Entry> intact = entries.stream()
				.takeWhile((entry) -> !FaultyStorageEngine.this.damaged.contains(entry.position()))
				.toList();
			entries.subList(intact.size(), entries.size()).forEach(Entry::release);
			if (intact.isEmpty() && !entries.isEmpty()) {
				throw new StorageException(Kind.DAMAGED, "The test wanted entry " + entries.get(0).position()
						+ " of topic " + topic() + " to be damaged", null);
			}
			return intact;
		}

		@Override
		public CompletionStage<Position> find(long publishTime) {
			return later(this.log.find(publishTime));
		}

		@Override
		public CompletionStage<Position> findByte(long offset) {
			return later(this.log.findByte(offset));
		}

		@Override
		public CompletionStage<Extent> findExtent(Position position) {
			return later(this.log.findExtent(position));
		}

		@Override
		public Position first() {
			return this.log.first();
		}

		@Override
		public Position lastConfirmed() {
			return this.log.lastConfirmed();
		}

		@Override
		public Extent extent() {
			return this.log.extent();
		}

		@Override
		public CompletionStage<Position> trim(Position before) {
			return later(this.log.trim(before));
		}

		@Override
		public CompletionStage<Void> remove(Set<Position> entries) {
			return later(this.log.remove(entries));
		}

		@Override
		public CompletionStage<Map<Position, Integer>> removeDamaged(Position from, Position to) {
			Map<Position, Integer> found = new TreeMap<>();
			for (Position position : FaultyStorageEngine.this.damaged) {
				if (!from.isAfter(position) && !position.isAfter(to)) {
					found.put(position, 1);
				}
			}
			FaultyStorageEngine.this.damaged.removeAll(found.keySet());
			return later(this.log.remove(found.keySet()).thenApply((removed) -> found));
		}

		@Override
		public CompletionStage<Void> delete() {
			return later(this.log.delete());
		}

		@Override
		public CompletionStage<Void> storeEpochs(String producer, Epochs epochs) {
			return later(this.log.storeEpochs(producer, epochs));
		}

		@Override
		public CompletionStage<Void> forgetProducers(Set<String> names) {
			return later(this.log.forgetProducers(names));
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
			return this.log.schedule().firstDue();
		}

		@Override
		public long size() {
			return this.log.schedule().size();
		}

		@Override
		public CompletionStage<Position> add(long due, EntryHeader header, ByteBuf batch) {
			return write(batch, () -> this.log.schedule().add(due, header, batch));
		}

		@Override
		public CompletionStage<Due> read(long upTo, int maxEntries, int maxBytes) {
			return later(this.log.schedule().read(upTo, maxEntries, maxBytes));
		}

		@Override
		public CompletionStage<Position> append(Position scheduled, EntryHeader header, ByteBuf batch) {
			return write(batch, () -> this.log.schedule().append(scheduled, header, batch));
		}

		@Override
		public CompletionStage<Boolean> remove(Position scheduled) {
			return later(this.log.schedule().remove(scheduled));
		}

		@Override
		public CompletionStage<Void> create(String subscription, SubscriptionType type, Position acknowledgedUpTo) {
			return later(this.log.cursors().create(subscription, type, acknowledgedUpTo));
		}

		@Override
		public CompletionStage<Void> acknowledge(String subscription, CursorChange change) {
			return later(this.log.cursors().acknowledge(subscription, change));
		}

		@Override
		public CompletionStage<Void> move(String subscription, Cursor target) {
			return later(this.log.cursors().move(subscription, target));
		}

		@Override
		public CompletionStage<Void> delete(String subscription) {
			return later(this.log.cursors().delete(subscription));
		}

		@Override
		public void close() {
			this.log.close();
		}

	}

}
