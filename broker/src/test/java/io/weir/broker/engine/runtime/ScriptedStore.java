package io.weir.broker.engine.runtime;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

import io.weir.broker.store.Durability;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.OwnershipService;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageStatus;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** Opens logs when the test says so, and fails as it says. */
final class ScriptedStore implements StorageEngine {

	private final MemoryStorageEngine memory = new MemoryStorageEngine();

	volatile StorageException refusal;

	volatile Error append;

	volatile Error takeUp;

	volatile Error openThrows;

	/** Thrown once when the second entry that was read is taken. */
	volatile Error taking;

	/** Whatever was read. */
	final List<Entry> read = new CopyOnWriteArrayList<>();

	volatile boolean holding;

	private volatile Runnable held;

	private volatile CompletableFuture<StorageException> lost;

	volatile CompletableFuture<Void> open = new CompletableFuture<>();

	@Override
	public Durability durability() {
		return this.memory.durability();
	}

	@Override
	public Set<Topic> topics() {
		return this.memory.topics();
	}

	@Override
	public MetadataStore metadata() {
		return this.memory.metadata();
	}

	@Override
	public OwnershipService ownership() {
		return this.memory.ownership();
	}

	@Override
	public CompletionStage<OpenedLog> open(Topic topic, long ownerEpoch) {
		if (this.openThrows != null) {
			throw this.openThrows;
		}
		return this.open.thenCompose((ignored) -> this.memory.open(topic, ownerEpoch)).thenApply(this::slow);
	}

	private OpenedLog slow(OpenedLog opened) {
		TopicLog log = opened.log();
		this.lost = new CompletableFuture<>();
		TopicLog slow = (TopicLog) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { TopicLog.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "lost" -> this.lost;
					case "append" -> append(log, (EntryHeader) arguments[0], (ByteBuf) arguments[1]);
					case "lastConfirmed" -> lastConfirmed(log);
					case "read" -> read((CompletionStage<?>) method.invoke(log, arguments));
					default -> method.invoke(log, arguments);
				});
		return new OpenedLog(slow, opened.producers(), opened.cursors());
	}

	private Object lastConfirmed(TopicLog log) {
		if (this.takeUp != null) {
			throw this.takeUp;
		}
		return log.lastConfirmed();
	}

	private CompletionStage<?> read(CompletionStage<?> entries) {
		return entries.thenApply((read) -> {
			List<Entry> given = ((List<?>) read).stream().map((entry) -> given((Entry) entry)).toList();
			this.read.addAll(given);
			return given;
		});
	}

	private Entry given(Entry entry) {
		Error error = this.taking;
		if (error == null || entry.position().entry() != 1) {
			return entry;
		}
		this.taking = null;
		entry.release();
		return new Entry(entry.position(), entry.header(),
				new UnpooledHeapByteBuf(UnpooledByteBufAllocator.DEFAULT, 1, 1) {
					@Override
					public int readableBytes() {
						throw error;
					}
				});
	}

	private CompletionStage<Position> append(TopicLog log, EntryHeader header, ByteBuf batch) {
		if (this.append != null) {
			batch.release();
			throw this.append;
		}
		CompletableFuture<Position> done = new CompletableFuture<>();
		CompletionStage<Position> appended = log.append(header, batch);
		this.held = () -> appended.thenAccept(done::complete);
		if (!this.holding) {
			this.held.run();
		}
		return done;
	}

	void letGo() {
		this.holding = false;
		this.held.run();
	}

	void lose(StorageException reason) {
		this.lost.complete(reason);
	}

	@Override
	public StorageStatus status() {
		return this.memory.status();
	}

	@Override
	public StorageException refusal() {
		return this.refusal;
	}

	@Override
	public void close() {
		this.memory.close();
	}

}
