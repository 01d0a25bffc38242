package io.weir.broker.engine.runtime;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.deadletter.Replay;
import io.weir.broker.engine.StorageFailure;
import io.weir.message.Topic;
import io.weir.time.BackoffRule;
import io.weir.wire.ErrorCode;
import io.weir.wire.LogLimit;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/**
 * Replays dead letters of one topic, one after the other in their order, some at a time:
 * each is published to where it came from, by a name that says which one it is; then it
 * is stored that they were replayed, and how far this has come; then the targets may
 * forget the names. So wherever it is interrupted, it goes on without doing anything
 * twice in effect. What cannot be done now is tried again; a message that cannot be
 * replayed stays a dead letter, and holds up no other. Those for a topic that takes
 * nothing now wait, and so does what has been stored of how far this has come; those for
 * others go on.
 *
 * <pre>
 * read → publish, one by one → note → advance → forget → read …   until the last one that is meant, or too far ahead of what waits
 * any of these fails → wait, longer each time → read
 * </pre>
 */
final class ReplayRun {

	private static final Logger logger = LoggerFactory.getLogger(ReplayRun.class);

	/** For all topics together. */
	private static final LogLimit LIMIT = new LogLimit();

	/** How long to wait after failures, in milliseconds. */
	private static final BackoffRule RETRY = new BackoffRule(250, 2, 30_000, 0);

	/** How far to look past what waits, each time that it is tried again. */
	private static final int MAX_ENTRIES_AHEAD = 5_000;

	private final Topic topic;

	private final ReplaySteps steps;

	private final Runnable ended;

	private volatile ReplayRecord record;

	private volatile @Nullable String waitingFor;

	private volatile boolean stopping;

	private volatile boolean closed;

	/** Completes at the end of a wait. */
	private volatile CompletableFuture<Void> pause = CompletableFuture.completedFuture(null);

	/**
	 * Of what is stored; changed by one step after the other, as is how often it waits.
	 */
	private long version;

	private int waits;

	/** Where to go on past what waits; {@code null} while nothing does. */
	private @Nullable Position ahead;

	private int entriesAhead;

	/** Why the first one waits. */
	private @Nullable StorageFailure waiting;

	/** The topics that take nothing now. */
	private final Set<Topic> full = new HashSet<>();

	/**
	 * Takes up a replay.
	 * @param stored how far it is
	 * @param ended is told when it goes on no more
	 */
	ReplayRun(Topic topic, ReplaySteps.Stored stored, ReplaySteps steps, Runnable ended) {
		this.topic = topic;
		this.record = stored.record();
		this.version = stored.version();
		this.steps = steps;
		this.ended = ended;
	}

	/** Begins, or goes on. */
	void go() {
		if (this.closed) {
			this.ended.run();
			return;
		}
		step().whenComplete((goesOn, failure) -> {
			if (failure != null) {
				failed(StorageFailure.of(failure));
			}
			else if (goesOn) {
				// Not deeper and deeper, however fast all is done.
				CompletableFuture.runAsync(this::go);
			}
			else {
				logger.info("The replay of dead letters of topic {} is {}: {} replayed, {} failed", this.topic,
						this.record.state().name().toLowerCase(Locale.ROOT), this.record.replayed(),
						this.record.failed());
				this.ended.run();
			}
		});
	}

	Replay status() {
		return this.record.toReplay(this.topic, this.waitingFor);
	}

	/** It ends for good; what is under way is completed. */
	void stop() {
		this.stopping = true;
		this.pause.complete(null);
	}

	/** It goes on in another life of the broker. */
	void close() {
		this.closed = true;
		this.pause.complete(null);
	}

	/** Replays some messages; says whether there may be more. */
	private CompletionStage<Boolean> step() {
		if (this.stopping) {
			return end(Replay.State.STOPPED);
		}
		if (this.entriesAhead > MAX_ENTRIES_AHEAD) {
			return atTheEnd();
		}
		Position from = (this.ahead != null) ? this.ahead : this.record.next();
		return this.steps.reader().read(this.topic, from, DeadLetterReader.PAGE_ENTRIES).thenCompose((page) -> {
			ReplayBatch batch = new ReplayBatch(page, this.record, this.ahead != null);
			return (batch.isEmpty() ? CompletableFuture.completedStage(null) : publish(batch))
				.whenComplete((done, failure) -> page.close())
				.thenCompose((done) -> batch.isEmpty() ? atTheEnd() : store(batch));
		});
	}

	private CompletionStage<Boolean> atTheEnd() {
		return (this.waiting == null) ? end(Replay.State.DONE)
				: CompletableFuture.failedStage(new ProtocolException(this.waiting.code(), this.waiting.reason()));
	}

	private CompletionStage<Void> publish(ReplayBatch batch) {
		DeadLetterReader.Letter letter = next(batch);
		if (letter == null) {
			return CompletableFuture.completedStage(null);
		}
		return this.steps.publish(this.topic, letter, this.record.purpose()).handle((target, failure) -> {
			if (failure == null) {
				batch.replayed(letter, target);
			}
			else {
				failed(batch, letter, StorageFailure.of(failure));
			}
			return batch;
		}).thenCompose(this::publish);
	}

	private DeadLetterReader.@Nullable Letter next(ReplayBatch batch) {
		DeadLetterReader.Letter letter = (this.stopping || this.closed) ? null : batch.next();
		while (letter != null && isForFullTopic(letter)) {
			batch.postpone(letter);
			letter = batch.next();
		}
		return letter;
	}

	private boolean isForFullTopic(DeadLetterReader.Letter letter) {
		try {
			return !this.full.isEmpty() && this.full.contains(this.steps.target(this.topic, letter));
		}
		catch (ProtocolException ex) {
			// Who publishes it is told.
			return false;
		}
	}

	private void failed(ReplayBatch batch, DeadLetterReader.Letter letter, StorageFailure failure) {
		// What is replayed again is told from what was by how far this has come alone.
		if (!this.record.again() && isOfOneTopic(failure.code())) {
			this.full.add(this.steps.target(this.topic, letter));
			this.waiting = (this.waiting != null) ? this.waiting : failure;
			batch.postpone(letter);
			return;
		}
		if (failure.code().retryable()) {
			batch.interrupt(failure);
			return;
		}
		batch.failed(letter, failure.reason());
		LogLimit.Line line = LIMIT.next();
		if (line != null) {
			logger.warn("Dead letter {} of topic {} cannot be replayed: {}{}", letter.view().id(), this.topic,
					failure.reason(), line.ending());
		}
	}

	/** With the policies to refuse or to block, a full topic says so. */
	private static boolean isOfOneTopic(ErrorCode code) {
		return code == ErrorCode.BACKLOG_QUOTA_EXCEEDED || code == ErrorCode.OVERLOADED;
	}

	private CompletionStage<Boolean> store(ReplayBatch batch) {
		String purpose = this.record.purpose();
		return this.steps.note(this.topic, batch.noted())
			.thenCompose((noted) -> advance(batch.advance()))
			.thenApply((advanced) -> {
				batch.forgettable().forEach((copy) -> this.steps.forget(this.topic, purpose, copy));
				StorageFailure interruption = batch.interruption();
				if (interruption != null) {
					throw new ProtocolException(interruption.code(), interruption.reason());
				}
				if (this.waiting == null) {
					this.waits = 0;
					this.waitingFor = null;
				}
				else {
					this.waitingFor = this.waiting.reason();
					this.ahead = batch.end();
					this.entriesAhead += DeadLetterReader.PAGE_ENTRIES;
				}
				return true;
			});
	}

	private CompletionStage<Boolean> end(Replay.State state) {
		return advance(this.record.ended(state)).thenApply((advanced) -> {
			this.waitingFor = null;
			return false;
		});
	}

	private CompletionStage<Void> advance(ReplayRecord to) {
		return this.steps.put(this.topic, to, this.version).thenAccept((version) -> {
			this.version = version;
			this.record = to;
		});
	}

	/** It is tried again, unless there is nothing to replay from any more. */
	private void failed(StorageFailure failure) {
		if (this.closed) {
			this.ended.run();
			return;
		}
		boolean gone = failure.code() == ErrorCode.NOT_FOUND || failure.code() == ErrorCode.TOPIC_DAMAGED;
		LogLimit.Line line = LIMIT.next();
		if (line != null) {
			logger.warn("The replay of dead letters of topic {} {}: {}{}", this.topic,
					gone ? "is stopped" : "cannot go on now, and will be tried again", failure.reason(), line.ending());
		}
		this.waitingFor = failure.reason();
		this.ahead = null;
		this.entriesAhead = 0;
		this.waiting = null;
		this.full.clear();
		if (gone) {
			this.record = this.record.ended(failure.reason());
			this.stopping = true;
		}
		CompletableFuture<Void> next = new CompletableFuture<>();
		this.pause = next;
		long delay = RETRY.delay(this.stopping ? 0 : this.waits++, 1);
		next.completeOnTimeout(null, delay, TimeUnit.MILLISECONDS).thenRunAsync(this::go);
		if (this.closed) {
			next.complete(null);
		}
	}

}
