package io.weir.broker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.engine.runtime.PartitionNumbers;
import io.weir.broker.session.TopicPartitions;
import io.weir.broker.store.MetadataStore;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Gives topics partitions, one change of a topic after the other, and knows the numbers.
 */
final class PartitionAdministration implements AutoCloseable {

	private final PartitionNumbers numbers;

	private final TopicPartitions known;

	private final TopicTurns turns;

	private final MetadataStore.Watch watch;

	PartitionAdministration(MetadataStore metadata, TopicPartitions known, Engine engine, LocalSession local,
			TopicTurns turns) {
		this.numbers = new PartitionNumbers(metadata, engine::snapshot, engine::exists, local, known::learn);
		this.known = known;
		this.turns = turns;
		this.watch = this.numbers.watch();
	}

	/** Completes when all numbers that are stored are known. */
	CompletionStage<Void> load() {
		return this.numbers.readAll();
	}

	int count(Topic topic) {
		return this.known.count(topic);
	}

	/**
	 * Gives a topic partitions. They have the subscriptions that it has; it is given none
	 * and loses none until they are known.
	 * @param count how many it has then; as many as it has changes nothing
	 * @return completes when that is stored and known; exceptionally
	 * {@link ProtocolException} with {@link ErrorCode#INVALID_REQUEST} if it has more
	 * already
	 */
	CompletionStage<Void> raise(Topic topic, int count) {
		// Not on a thread of the store, since it may have to wait for others.
		return this.turns.take(topic,
				() -> CompletableFuture.runAsync(() -> this.known.raising(topic))
					.thenCompose((held) -> this.numbers.raise(topic, count))
					.whenComplete((done, failure) -> this.known.raised(topic)));
	}

	/** A topic is deleted: who makes it again makes one without partitions. */
	CompletionStage<Void> forget(Topic topic) {
		return this.numbers.forget(topic);
	}

	/** Follows the numbers no longer. */
	@Override
	public void close() {
		this.watch.close();
	}

}
