package io.weir.broker.store.memory;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageStatus;
import io.weir.broker.store.StorageStatus.State;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;

/**
 * Keeps logs on the heap, without a bound, until it is closed. Has no threads: every
 * stage that it returns is complete.
 */
public final class MemoryStorageEngine implements StorageEngine {

	private final Map<Topic, MemoryTopic> topics = new HashMap<>();

	private final StorageStatus status = new StorageStatus(State.SERVING, null, Instant.now(), -1);

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
	public synchronized CompletionStage<TopicLog> open(Topic topic) {
		if (this.closed) {
			return CompletableFuture
				.failedFuture(new StorageException("Topic " + topic + ": the store is closed", null));
		}
		return CompletableFuture
			.completedFuture(new MemoryTopicLog(this.topics.computeIfAbsent(topic, MemoryTopic::new)));
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
