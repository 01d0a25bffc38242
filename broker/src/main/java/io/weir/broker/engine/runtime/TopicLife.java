package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.topic.TopicCore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.TopicLog;
import io.weir.wire.ErrorCode;

/**
 * A topic from one opening of its log until that is lost: its core, and what it has the
 * store do. On the topic's thread.
 */
final class TopicLife {

	private static final Logger logger = LoggerFactory.getLogger(TopicLife.class);

	private final TopicServices services;

	private final TopicLog log;

	private final TopicCore core;

	private final StorageExecutor storage;

	private final TopicWriter writer;

	private final Timers.Timer timer;

	private Effect.@Nullable Rest rest;

	/** How many outcomes are to come before backlogs are known. */
	private int unknown;

	/**
	 * Takes up what is stored.
	 * @param writer hears how storage went, what the store threw, and that the topic has
	 * expired
	 * @param timer has {@link Command.Tick} come
	 */
	TopicLife(OpenedLog opened, TopicServices services, TopicWriter writer, Timers.Timer timer) {
		this.services = services;
		this.writer = writer;
		this.timer = timer;
		this.log = opened.log();
		this.core = TopicCore.recover(opened, services.context());
		this.storage = new StorageExecutor(this.log, (outcome) -> this.writer.outcome(this, outcome),
				(failure) -> this.writer.broken(this, failure), services.admission(), services.errors(),
				services.forwarder(), services.background());
	}

	/** What is to become of a command: a batch may have to be refused. */
	Command admit(Command command) {
		if (command instanceof Command.Publish publish) {
			StorageFailure refusal = this.services.admission().refusal(publish.batch().readableBytes());
			if (refusal != null) {
				Command refused = publish.refused(refusal);
				publish.release();
				return refused;
			}
		}
		return command;
	}

	/**
	 * Handles a command, and carries out what comes of it. After an exception the topic
	 * goes on. What the command had decided before is carried out in either case, since
	 * somebody may wait for it.
	 * @return an error, which may have come in the middle of anything: the topic is to go
	 * on with what is stored
	 */
	@Nullable Error run(Command command) {
		Throwable failure = null;
		try {
			handle(command);
		}
		catch (Throwable ex) {
			failure = ex;
		}
		List<Effect> decided = this.core.takeDecided();
		decided.forEach(this::carryOut);
		if (failure != null) {
			logger.error("Topic {} failed at {}", this.log.topic(), command.getClass().getSimpleName(), failure);
			TopicAnswers.refuseUnlessAnswered(this.log.topic(), this.services, command, decided,
					new StorageFailure(ErrorCode.INTERNAL, "The broker failed: " + failure));
		}
		return (failure instanceof Error error) ? error : null;
	}

	private void carryOut(Effect effect) {
		if (effect instanceof Effect.Telling telling) {
			TopicAnswers.tell(this.log.topic(), this.services, telling);
		}
		else if (effect instanceof Storing storing) {
			this.storage.execute(storing);
		}
		else if (effect instanceof Effect.WakeAt wake) {
			this.services.timers().set(this.timer, wake.time());
		}
		else if (effect instanceof Effect.Rest asked) {
			this.rest = asked;
		}
		else if (effect instanceof Effect.SubscriptionTrimmed trimmed) {
			logger.warn("{} messages of topic {} were trimmed that subscription '{}' was never given: it goes on at {}",
					trimmed.messages(), this.log.topic(), trimmed.subscription(),
					trimmed.firstKept().message(this.log.topic().partition(), 0));
		}
		else if (effect instanceof Effect.Unused) {
			this.writer.unused();
		}
	}

	/** What was decided last, once. */
	Effect.@Nullable Rest takeRest() {
		Effect.Rest asked = this.rest;
		this.rest = null;
		return asked;
	}

	/** What it looks up at first is on its way. */
	void opened() {
		this.unknown = this.storage.asked();
	}

	/** Whether what is looked up at first has come. */
	boolean isKnown() {
		return this.unknown <= 0;
	}

	private void handle(Command command) {
		this.unknown -= (command instanceof Outcome) ? 1 : 0;
		this.storage.outcomeSeen(command);
		EngineClock clock = this.services.clock();
		this.core.handle(command, clock.now().getAsLong(), clock.steady().getAsLong());
	}

	/** Whether the store has done all that it was asked to write. */
	boolean isIdle() {
		return this.storage.isIdle();
	}

	/** Whether nothing at all is on its way. */
	boolean isQuiet() {
		return this.storage.asked() == 0;
	}

	/** Why the topic is not to be deleted now, or {@code null}. */
	@Nullable String refusal(DeleteWhen when) {
		return this.core.refusal(when);
	}

	/** Deletes what is stored. */
	CompletionStage<Void> delete() {
		return this.log.delete();
	}

	/** Why the log takes nothing more, or {@code null}. */
	@Nullable StorageException lostReason() {
		return this.log.lost().toCompletableFuture().getNow(null);
	}

	TopicSnapshot snapshot() {
		return this.core.snapshot();
	}

	/** Releases what is held; no command may follow. */
	void close() {
		this.core.close();
		this.log.close();
	}

}
