package io.weir.broker.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.weir.broker.store.Entry;
import io.weir.broker.store.TopicLog;
import io.weir.message.Position;

/**
 * Counts the messages of a stretch of the log, piece by piece on the topic's thread, so
 * that a long backlog does not hold up other work.
 */
final class BacklogCount {

	private static final int ENTRIES = 1000;

	private static final int BYTES = 256 * 1024;

	private final TopicLog log;

	private final Effect.CountMessages effect;

	private final Consumer<Runnable> thread;

	private final CompletableFuture<Long> result = new CompletableFuture<>();

	private long messages;

	BacklogCount(TopicLog log, Effect.CountMessages effect, Consumer<Runnable> thread) {
		this.log = log;
		this.effect = effect;
		this.thread = thread;
	}

	CompletionStage<Long> start() {
		countFrom(AckLedger.after(this.effect.after()));
		return this.result;
	}

	private void countFrom(Position from) {
		this.log.read(from, ENTRIES, BYTES).whenComplete((entries, failure) -> {
			if (failure != null) {
				this.result.completeExceptionally(failure);
				return;
			}
			Position last = count(entries);
			if (entries.isEmpty() || !this.effect.upTo().isAfter(last)) {
				this.result.complete(this.messages);
			}
			else {
				this.thread.accept(() -> countFrom(AckLedger.after(last)));
			}
		});
	}

	private Position count(List<Entry> entries) {
		Position last = Position.BEFORE_FIRST;
		for (Entry entry : entries) {
			last = entry.position();
			this.messages += last.isAfter(this.effect.upTo()) ? 0 : entry.header().count();
			entry.release();
		}
		return last;
	}

}
