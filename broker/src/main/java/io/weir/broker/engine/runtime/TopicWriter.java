package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;

/**
 * Runs one topic on its thread: feeds commands to the core, carries out the effects and
 * feeds back how storage went. Everything but {@link #begin} and {@link #submit} happens
 * on the thread.
 *
 * <pre>
 * Opening → Serving → Reopening → Opening …     the log was lost: what is under way has its outcome first
 *           Serving → Leaving → Refusing        somebody else has the topic: likewise
 * Opening → Refusing                            it cannot be opened; the engine forgets this writer
 * any → Closed
 * </pre>
 */
final class TopicWriter {

	private static final Logger logger = LoggerFactory.getLogger(TopicWriter.class);

	private final Topic topic;

	private final Executor thread;

	private final TopicServices services;

	private final Consumer<TopicWriter> onRefusing;

	private final List<CompletableFuture<Void>> awaitingIdle = new ArrayList<>();

	private final List<CompletableFuture<@Nullable TopicSnapshot>> awaitingSnapshot = new ArrayList<>();

	private final AtomicBoolean begun = new AtomicBoolean();

	private boolean served;

	private WriterState state = new WriterState.Opening(new ArrayList<>());

	/** Has {@link Command.Tick} come. */
	private final Timers.Timer timer;

	/** Creates the writer; {@link #begin()} must follow. */
	TopicWriter(Topic topic, Executor thread, TopicServices services, Consumer<TopicWriter> onRefusing) {
		this.topic = topic;
		this.thread = thread;
		this.services = services;
		this.onRefusing = onRefusing;
		this.timer = services.timers().newTimer(() -> submit(new Command.Tick()));
	}

	/** Opens the topic unless that was begun before, from any thread. */
	TopicWriter begin() {
		if (this.begun.compareAndSet(false, true)) {
			open();
		}
		return this;
	}

	/** Opens the log; what is submitted meanwhile waits for it. */
	private void open() {
		try {
			this.services.policies()
				.effective(this.topic)
				.thenCompose((policies) -> this.services.owner()
					.open(this.topic)
					.thenApply((log) -> new OpenedTopic(log, policies)))
				.whenComplete((opened, failure) -> execute(() -> opened(opened, failure)));
		}
		catch (RuntimeException | Error ex) {
			execute(() -> opened(null, ex));
		}
	}

	private void opened(@Nullable OpenedTopic opened, @Nullable Throwable failure) {
		if (!(this.state instanceof WriterState.Opening opening)) {
			if (opened != null) {
				opened.log().log().close();
			}
			return;
		}
		if (failure != null || opened == null) {
			refuseFromNowOn(Objects.requireNonNull(failure));
		}
		else {
			serve(opened.log(), opened.policies());
		}
		opening.waiting().forEach(this::handle);
		answerSnapshots();
		checkIdle();
	}

	/**
	 * There may be no memory for what is stored of the topic: it is tried again, later.
	 */
	private void serve(OpenedLog log, Policies policies) {
		TopicLife life;
		try {
			life = new TopicLife(log, this.services, this::outcome, this::broken);
		}
		catch (RuntimeException | Error ex) {
			log.log().close();
			this.services.tellIfError(ex);
			refuseFromNowOn(ex);
			return;
		}
		this.state = new WriterState.Serving(life);
		this.served = true;
		run(life, new Command.Opened(policies));
		log.log().lost().thenAccept((reason) -> execute(() -> lost(life, reason)));
	}

	private void refuseFromNowOn(Throwable failure) {
		StorageFailure reason = StorageFailure.of(failure);
		logger.error("Topic {} cannot be opened: {}", this.topic, reason.reason());
		refuseFromNowOn(reason);
	}

	private void refuseFromNowOn(StorageFailure reason) {
		this.state = new WriterState.Refusing(reason);
		this.services.timers().cancel(this.timer);
		this.onRefusing.accept(this);
	}

	/** Queues a command, from any thread. */
	void submit(Command command) {
		if (!execute(() -> handle(command))) {
			command.release();
		}
	}

	/** Completes when no storage effect is under way. */
	CompletableFuture<Void> whenIdle() {
		CompletableFuture<Void> idle = new CompletableFuture<>();
		boolean asked = execute(() -> {
			this.awaitingIdle.add(idle);
			checkIdle();
		});
		if (!asked) {
			idle.complete(null);
		}
		return idle;
	}

	/** What goes on in the topic, once it is open; nothing if it cannot be opened. */
	CompletableFuture<@Nullable TopicSnapshot> snapshot() {
		return snapshot(true);
	}

	/** What goes on in the topic; nothing if it is not open. */
	CompletableFuture<@Nullable TopicSnapshot> snapshotIfOpen() {
		return snapshot(false);
	}

	private CompletableFuture<@Nullable TopicSnapshot> snapshot(boolean wait) {
		CompletableFuture<@Nullable TopicSnapshot> snapshot = new CompletableFuture<>();
		boolean asked = execute(() -> {
			if (wait && this.state instanceof WriterState.Holding) {
				this.awaitingSnapshot.add(snapshot);
			}
			else {
				snapshot.complete(present());
			}
		});
		if (!asked) {
			snapshot.complete(null);
		}
		return snapshot;
	}

	private void answerSnapshots() {
		this.awaitingSnapshot.forEach((waiting) -> waiting.complete(present()));
		this.awaitingSnapshot.clear();
	}

	private @Nullable TopicSnapshot present() {
		return (this.state instanceof WriterState.Serving serving) ? serving.life().snapshot() : null;
	}

	/** Whether the topic was open once, so that it is stored. */
	boolean hasServed() {
		return this.served;
	}

	/** Releases what is held. */
	CompletableFuture<Void> close() {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		boolean asked = execute(() -> {
			this.state.close();
			this.state = new WriterState.Closed();
			answerSnapshots();
			closed.complete(null);
		});
		if (!asked) {
			closed.complete(null);
		}
		return closed;
	}

	private boolean execute(Runnable task) {
		try {
			this.thread.execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	private void handle(Command command) {
		if (this.state instanceof WriterState.Serving serving) {
			run(serving.life(), serving.life().admit(command));
			checkIdle();
		}
		else if (this.state instanceof WriterState.Holding waiting) {
			waiting.waiting().add(command);
		}
		else if (this.state instanceof WriterState.Ended ended) {
			command.release();
			refuse(command, ended.failure());
		}
	}

	/** Something that a life of the topic wanted of the store is done, or has failed. */
	private void outcome(TopicLife life, Command outcome) {
		boolean asked = execute(() -> {
			if (this.state.life() == life) {
				run(life, outcome);
				goOnIfIdle();
				checkIdle();
			}
			else {
				outcome.release();
			}
		});
		if (!asked) {
			outcome.release();
		}
	}

	/** Somebody else owns the topic, which may not have noticed yet. */
	void fence(StorageException reason) {
		execute(() -> {
			if (this.state instanceof WriterState.Serving serving) {
				lost(serving.life(), reason);
			}
		});
	}

	/** The log takes nothing more: clients come back, and the topic as it is stored. */
	private void lost(TopicLife life, StorageException reason) {
		if (!(this.state instanceof WriterState.Serving serving) || serving.life() != life) {
			return;
		}
		StorageFailure failure = StorageFailure.of(reason);
		logger.info("Topic {} ends its work with a log that takes no more: {}", this.topic, failure.reason());
		// Who would take the topic back at once would fight with the other for ever.
		this.state = (reason.kind() == Kind.FENCED) ? new WriterState.Leaving(life, failure)
				: new WriterState.Reopening(life, new ArrayList<>());
		run(life, new Command.LogLost(failure));
		goOnIfIdle();
		checkIdle();
	}

	/** All that was asked of a log that is lost has its outcome. */
	private void goOnIfIdle() {
		if (this.state instanceof WriterState.Reopening reopening && reopening.life().isIdle()) {
			reopening.life().close();
			this.state = new WriterState.Opening(reopening.waiting());
			open();
		}
		else if (this.state instanceof WriterState.Leaving leaving && leaving.life().isIdle()) {
			leaving.life().close();
			refuseFromNowOn(leaving.failure());
		}
	}

	/**
	 * After an exception the topic goes on; after an error, which may have come in the
	 * middle of anything, it goes on with what is stored. What the command had decided
	 * before is carried out in either case, since somebody may wait for it.
	 */
	private void run(TopicLife life, Command command) {
		Throwable failure = null;
		try {
			life.handle(command);
		}
		catch (Throwable ex) {
			failure = ex;
		}
		List<Effect> decided = life.takeDecided();
		decided.forEach((effect) -> carryOut(life, effect));
		if (failure != null) {
			logger.error("Topic {} failed at {}", this.topic, command.getClass().getSimpleName(), failure);
			refuseUnlessAnswered(command, decided,
					new StorageFailure(ErrorCode.INTERNAL, "The broker failed: " + failure));
			if (failure instanceof Error) {
				failed(life, failure);
			}
		}
	}

	private void carryOut(TopicLife life, Effect effect) {
		if (effect instanceof Effect.Telling telling) {
			tell(telling);
		}
		else if (effect instanceof Storing storing) {
			life.store(storing);
		}
		else if (effect instanceof Effect.WakeAt wake) {
			this.services.timers().set(this.timer, wake.time());
		}
	}

	/** The topic opens again, and goes on with what is stored. */
	private void failed(TopicLife life, Throwable failure) {
		this.services.tellIfError(failure);
		execute(() -> lost(life,
				new StorageException(Kind.UNAVAILABLE, "Topic " + this.topic + " failed: " + failure, failure)));
	}

	/**
	 * What the store throws is told to whoever waits for it, but nobody knows what it
	 * did.
	 */
	private void broken(TopicLife life, Throwable failure) {
		logger.error("The store failed topic {}", this.topic, failure);
		failed(life, failure);
	}

	private void refuseUnlessAnswered(Command command, List<Effect> decided, StorageFailure failure) {
		if (command instanceof Command.Request request && decided.stream()
			.noneMatch((effect) -> effect instanceof Effect.Answer answer && answer.to().equals(request.replyTo()))) {
			refuse(command, failure);
		}
	}

	private void refuse(Command command, StorageFailure failure) {
		if (command instanceof Command.Request request) {
			tell(Effect.Refused.of(request, failure.code(), failure.reason()));
		}
	}

	/**
	 * A client that cannot be told does not keep the effects that follow from happening.
	 */
	private void tell(Effect.Telling telling) {
		try {
			this.services.clients().accept(telling);
		}
		catch (RuntimeException | Error ex) {
			logger.error("Topic {} could not tell a client {}", this.topic, telling.getClass().getSimpleName(), ex);
			this.services.tellIfError(ex);
		}
	}

	private void checkIdle() {
		if (!this.awaitingIdle.isEmpty() && this.state.isIdle()) {
			this.awaitingIdle.forEach((idle) -> idle.complete(null));
			this.awaitingIdle.clear();
		}
	}

	/** What is stored of a topic. */
	private record OpenedTopic(OpenedLog log, Policies policies) {
	}

}
