package io.weir.broker.store.memory;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Durability;
import io.weir.broker.store.LocalOwnership;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.OwnershipService;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageStatus;
import io.weir.broker.store.StorageStatus.State;
import io.weir.message.Topic;

/**
 * Keeps logs on the heap, without a bound, until it is closed. Has no threads: every
 * stage that it returns is complete.
 */
public final class MemoryStorageEngine implements StorageEngine {

	private final Map<Topic, MemoryTopic> topics = new HashMap<>();

	private final StorageStatus status = new StorageStatus(State.SERVING, null, Instant.now(), -1);

	private final MetadataStore metadata = new MemoryMetadataStore();

	private final OwnershipService ownership = new LocalOwnership(this.metadata);

	/** Where new topics begin: behind all entries of those that were deleted. */
	private long firstEntry;

	private boolean closed;

	@Override
	public Durability durability() {
		return Durability.MEMORY;
	}

	@Override
	public synchronized Set<Topic> topics() {
		return Set.copyOf(this.topics.keySet());
	}

	@Override
	public MetadataStore metadata() {
		return this.metadata;
	}

	@Override
	public OwnershipService ownership() {
		return this.ownership;
	}

	@Override
	public synchronized CompletionStage<OpenedLog> open(Topic topic, long ownerEpoch) {
		if (this.closed) {
			return CompletableFuture
				.failedFuture(new StorageException("Topic " + topic + ": the store is closed", null));
		}
		try {
			MemoryTopic stored = this.topics.computeIfAbsent(topic,
					(missing) -> new MemoryTopic(missing, this.firstEntry));
			return CompletableFuture.completedFuture(new MemoryTopicLog(stored, this).open(ownerEpoch));
		}
		catch (StorageException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** Nobody opens the topic meanwhile. */
	synchronized void delete(MemoryTopic topic, Runnable deletion) {
		deletion.run();
		this.firstEntry = Math.max(this.firstEntry, topic.next());
		this.topics.remove(topic.topic(), topic);
	}

	@Override
	public StorageStatus status() {
		return this.status;
	}

	@Override
	public @Nullable StorageException refusal() {
		return null;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.topics.values().forEach(MemoryTopic::close);
		this.topics.clear();
	}

}
