package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.message.Topic;
import io.weir.wire.ProtocolException;

/**
 * Runs one topic on its thread: feeds commands to the core, carries out the effects and
 * feeds back how storage went. Everything but {@link #begin} and {@link #submit} happens
 * on the thread.
 *
 * <pre>
 * Opening → Serving → Reopening → Opening …     the log was lost: what is under way has its outcome first
 *           Serving → Leaving → Refusing        somebody else has the topic: likewise
 * Opening → Refusing                            it cannot be opened; the engine forgets this writer
 * Serving → Held → Serving                      it is being decided whether it is deleted
 *           Held → Draining → Deleting → Deleted → Left   it is, when all under way has its outcome; Opening, if that fails
 * Serving → Left                                it has nothing to do; another writer takes its place when it is used
 * any → Closed
 * </pre>
 */
final class TopicWriter {

	private static final Logger logger = LoggerFactory.getLogger(TopicWriter.class);

	private final Topic topic;

	private final Executor thread;

	private final TopicServices services;

	private final TopicDirectory directory;

	/** Whether the topic was not known to be stored. */
	private final boolean isNew;

	/** What it knew when it left the memory; for its first life. */
	private Asleep before;

	private final TopicQuestions questions = new TopicQuestions(this);

	private final AtomicBoolean begun = new AtomicBoolean();

	private boolean served;

	private WriterState state = new WriterState.Opening(new ArrayList<>());

	/** Has {@link Command.Tick} come. */
	private final Timers.Timer timer;

	/** Creates the writer; {@link #begin()} must follow. */
	TopicWriter(Topic topic, Executor thread, TopicServices services, TopicDirectory directory, boolean isNew,
			Asleep before) {
		this.topic = topic;
		this.thread = thread;
		this.services = services;
		this.directory = directory;
		this.isNew = isNew;
		this.before = before;
		this.timer = services.timers().newTimer(() -> submit(new Command.Tick()));
	}

	Topic topic() {
		return this.topic;
	}

	WriterState state() {
		return this.state;
	}

	void become(WriterState state) {
		this.state = state;
	}

	/** Who has taken the place of this writer, which has left. */
	TopicWriter successor() {
		return this.directory.openPartition(this.topic);
	}

	/** Opens the topic unless that was begun before, from any thread. */
	TopicWriter begin() {
		if (this.begun.compareAndSet(false, true)) {
			open();
		}
		return this;
	}

	/** Opens the log; what is submitted meanwhile waits for it. */
	void open() {
		try {
			this.services.open(this.topic).whenComplete((opened, failure) -> execute(() -> opened(opened, failure)));
		}
		catch (RuntimeException | Error ex) {
			execute(() -> opened(null, ex));
		}
	}

	private void opened(TopicServices.@Nullable OpenedTopic opened, @Nullable Throwable failure) {
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
		takeUp(opening.waiting());
	}

	/**
	 * There may be no memory for what is stored of the topic: it is tried again, later.
	 */
	private void serve(OpenedLog log, Policies policies) {
		TopicLife life;
		try {
			life = new TopicLife(log, this.services, this, this.timer);
		}
		catch (RuntimeException | Error ex) {
			log.log().close();
			this.services.tellIfError(ex);
			refuseFromNowOn(ex);
			return;
		}
		this.state = new WriterState.Serving(life);
		this.served = true;
		run(life, new Command.Opened(policies, this.before));
		life.opened();
		this.before = Asleep.UNTIL_NOW;
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
		this.directory.refuses(this.topic, this, this.isNew && !this.served);
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
		if (!execute(() -> this.questions.whenIdle(idle))) {
			idle.complete(null);
		}
		return idle;
	}

	/**
	 * What goes on in the topic; nothing if it cannot be opened.
	 * @param wait whether it is opened, if it is not; else there is nothing then
	 */
	CompletableFuture<@Nullable TopicSnapshot> snapshot(boolean wait) {
		CompletableFuture<@Nullable TopicSnapshot> snapshot = new CompletableFuture<>();
		Runnable question = () -> {
			if (wait && this.state instanceof WriterState.Left && this.directory.exists(this.topic)) {
				successor().snapshot(true).thenAccept(snapshot::complete);
			}
			else {
				snapshot.complete(this.state.snapshot());
			}
		};
		if (!execute(wait ? () -> this.questions.ask(question) : question)) {
			snapshot.complete(null);
		}
		return snapshot;
	}

	/** Nothing is held any more. */
	void takeUp(List<Command> waiting) {
		waiting.forEach(this::handle);
		this.questions.look();
	}

	/**
	 * Makes ready to delete the topic.
	 * @return the hold; exceptionally {@link ProtocolException} if it is not to be
	 * deleted now
	 */
	CompletableFuture<TopicHold> hold(DeleteWhen when) {
		CompletableFuture<TopicHold> held = new CompletableFuture<>();
		if (!execute(() -> this.questions.ask(() -> TopicHold.hold(this, when, held)))) {
			held.completeExceptionally(TopicHold.goingAway());
		}
		return held;
	}

	/** It has expired. */
	void unused() {
		this.directory.unused(this.topic);
	}

	/** All of it is deleted. */
	void leaveDeleted() {
		leave();
		this.directory.deleted(this.topic, this);
	}

	private void leave() {
		this.state = new WriterState.Left();
		this.services.timers().cancel(this.timer);
	}

	/** The topic leaves the memory, if it may. */
	private void restIfAsked(TopicLife life) {
		Effect.Rest asked = life.takeRest();
		if (asked != null && this.state instanceof WriterState.Serving && life.isQuiet()) {
			TopicSnapshot last = life.snapshot();
			life.close();
			leave();
			this.directory.rests(this.topic, this, asked, last);
			this.questions.look();
		}
	}

	/** Releases what is held. */
	CompletableFuture<Void> close() {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		boolean asked = execute(() -> {
			this.state.close();
			this.state = new WriterState.Closed();
			takeUp(List.of());
			closed.complete(null);
		});
		if (!asked) {
			closed.complete(null);
		}
		return closed;
	}

	boolean execute(Runnable task) {
		try {
			this.thread.execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	/** On the topic's thread. */
	void handle(Command command) {
		if (this.state instanceof WriterState.Serving serving) {
			run(serving.life(), serving.life().admit(command));
			this.questions.look();
		}
		else if (this.state instanceof WriterState.Holding waiting) {
			waiting.waiting().add(command);
		}
		else if (this.state instanceof WriterState.Left) {
			this.directory.handOver(this.topic, command);
		}
		else if (this.state instanceof WriterState.Ended ended) {
			command.release();
			TopicAnswers.refuse(this.topic, this.services, command, ended.failure());
		}
	}

	/** Something that a life of the topic wanted of the store is done, or has failed. */
	void outcome(TopicLife life, Command outcome) {
		boolean asked = execute(() -> {
			if (this.state.life() == life) {
				run(life, outcome);
				goOnIfIdle();
				this.questions.look();
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
	void lost(TopicLife life, StorageException reason) {
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
		this.questions.look();
	}

	/** All that was asked of a log that is lost has its outcome. */
	void goOnIfIdle() {
		if (this.state instanceof WriterState.Reopening reopening && reopening.life().isIdle()) {
			reopening.life().close();
			this.state = new WriterState.Opening(reopening.waiting());
			open();
		}
		else if (this.state instanceof WriterState.Leaving leaving && leaving.life().isIdle()) {
			leaving.life().close();
			refuseFromNowOn(leaving.failure());
		}
		else if (this.state instanceof WriterState.Draining draining && draining.life().isIdle()) {
			TopicHold.delete(this, draining);
		}
	}

	void run(TopicLife life, Command command) {
		Error failure = life.run(command);
		if (failure != null) {
			failed(life, failure);
		}
		restIfAsked(life);
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
	void broken(TopicLife life, Throwable failure) {
		logger.error("The store failed topic {}", this.topic, failure);
		failed(life, failure);
	}

}
