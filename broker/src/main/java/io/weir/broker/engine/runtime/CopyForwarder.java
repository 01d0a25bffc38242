package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.store.Entry;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.TopicLog;
import io.weir.wire.LogLimit;

/**
 * Reads single messages of a topic's log and has copies of them published to other
 * topics.
 */
final class CopyForwarder {

	private static final Logger logger = LoggerFactory.getLogger(CopyForwarder.class);

	/** For all topics together. */
	private static final LogLimit LIMIT = new LogLimit();

	private final TopicLog log;

	private final Supplier<Forwarder> forwarder;

	CopyForwarder(TopicLog log, Supplier<Forwarder> forwarder) {
		this.log = log;
		this.forwarder = forwarder;
	}

	/**
	 * Forwards a copy.
	 * @return completes when it is stored in the target, or was before
	 */
	CompletionStage<Void> forward(Storing.ForwardCopy copy) {
		return this.log.read(copy.source(), 1, 1)
			.thenCompose((entries) -> forward(entries, copy))
			.whenComplete((stored, failure) -> log(copy, failure));
	}

	private CompletionStage<Void> forward(List<Entry> entries, Storing.ForwardCopy copy) {
		try {
			if (entries.isEmpty() || !entries.get(0).position().equals(copy.source())) {
				return CompletableFuture.failedFuture(new StorageException(
						"The log of topic " + this.log.topic() + " has no entry at " + copy.source(), null));
			}
			return this.forwarder.get().forward(this.log.topic(), MessageCopy.of(entries.get(0), copy));
		}
		finally {
			entries.forEach(Entry::release);
		}
	}

	private void log(Storing.ForwardCopy copy, @Nullable Throwable failure) {
		LogLimit.Line line = LIMIT.next();
		if (line == null) {
			return;
		}
		Object id = copy.source().message(copy.index());
		if (failure == null) {
			logger.warn("Message {} of subscription '{}' of topic {} is a dead letter in topic {} now{}", id,
					copy.subscription().name(), this.log.topic(), copy.target(), line.ending());
		}
		else {
			logger.warn(
					"Message {} of subscription '{}' of topic {} cannot be stored as a dead letter in topic {} yet, "
							+ "and will be tried again: {}{}",
					id, copy.subscription().name(), this.log.topic(), copy.target(),
					StorageFailure.of(failure).reason(), line.ending());
		}
	}

}
