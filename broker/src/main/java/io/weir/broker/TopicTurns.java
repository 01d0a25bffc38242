package io.weir.broker;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.weir.message.Topic;

/**
 * Has what changes a topic as a whole, its number of partitions or that there is one,
 * happen one after the other. Safe to use from any thread.
 */
final class TopicTurns {

	/** Completes when the last one that has asked has had its turn. */
	private final Map<Topic, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

	/**
	 * Changes a topic when all is done that was asked before.
	 * @param topic the whole topic
	 * @param change changes it
	 * @return completes as the change does
	 */
	<T> CompletionStage<T> take(Topic topic, Supplier<CompletionStage<T>> change) {
		CompletableFuture<Void> turn = new CompletableFuture<>();
		CompletableFuture<Void> before = this.last.put(topic, turn);
		CompletionStage<Void> ready = (before != null) ? before : CompletableFuture.completedFuture(null);
		return ready.thenCompose((ended) -> change.get()).whenComplete((done, failure) -> {
			this.last.remove(topic, turn);
			turn.complete(null);
		});
	}

}
