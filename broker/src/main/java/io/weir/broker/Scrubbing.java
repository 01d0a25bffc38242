package io.weir.broker;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.weir.broker.engine.StorageFailure;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageEngine;
import io.weir.message.Topic;
import io.weir.wire.ProtocolException;

/** Has topics of a store verified, one after the other. */
final class Scrubbing {

	private final StorageEngine store;

	private final Deque<Topic> left;

	private Scrubbing(StorageEngine store, Collection<Topic> topics) {
		this.store = store;
		this.left = new ArrayDeque<>(topics);
	}

	/** Completes with all that was found; not on a thread of the store. */
	static CompletableFuture<ScrubReport> of(StorageEngine store, Collection<Topic> topics) {
		return new Scrubbing(store, topics).next(ScrubReport.NOTHING).handleAsync((report, failure) -> {
			if (failure == null) {
				return report;
			}
			StorageFailure reason = StorageFailure.of(failure);
			throw new ProtocolException(reason.code(), reason.reason(), failure);
		}).toCompletableFuture();
	}

	private CompletionStage<ScrubReport> next(ScrubReport report) {
		Topic topic = this.left.poll();
		return (topic != null) ? this.store.scrub(topic).thenCompose((found) -> next(report.plus(found)))
				: CompletableFuture.completedFuture(report);
	}

}
