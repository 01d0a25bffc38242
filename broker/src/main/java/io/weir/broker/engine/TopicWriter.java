package io.weir.broker.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageEngine;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;

/**
 * Runs one topic on its thread: feeds commands to the core, carries out the effects and
 * feeds back how storage went. Everything but {@link #submit} happens on the thread.
 */
final class TopicWriter {

	private static final Logger logger = LoggerFactory.getLogger(TopicWriter.class);

	private final Topic topic;

	private final Executor thread;

	private final Consumer<Effect.Telling> clients;

	private final LongSupplier clock;

	private final BatchFormat format;

	/** What came before the log was open. */
	private final List<Command> early = new ArrayList<>();

	private final List<CompletableFuture<Void>> awaitingIdle = new ArrayList<>();

	private @Nullable TopicCore core;

	private @Nullable StorageExecutor storage;

	private @Nullable StorageFailure failure;

	TopicWriter(Topic topic, Executor thread, Consumer<Effect.Telling> clients, LongSupplier clock,
			BatchFormat format) {
		this.topic = topic;
		this.thread = thread;
		this.clients = clients;
		this.clock = clock;
		this.format = format;
	}

	/** Opens the log; what is submitted meanwhile waits for it. */
	void open(StorageEngine store, Runnable onFailure) {
		store.open(this.topic).whenComplete((log, failure) -> execute(() -> {
			if (failure != null) {
				logger.error("Topic {} cannot be opened", this.topic, failure);
				this.failure = StorageFailure.of(failure);
				onFailure.run();
			}
			else {
				this.core = TopicCore.recover(log, this.format);
				this.storage = new StorageExecutor(log, this::submit);
				handle(new Command.Opened());
			}
			List<Command> waited = List.copyOf(this.early);
			this.early.clear();
			waited.forEach(this::handle);
		}));
	}

	/** Queues a command, from any thread. */
	void submit(Command command) {
		if (!execute(() -> handle(command))) {
			StorageExecutor.release(command);
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

	/** Computes something of the topic on its thread; nothing if it is not open. */
	CompletableFuture<@Nullable TopicSnapshot> snapshot() {
		CompletableFuture<@Nullable TopicSnapshot> snapshot = new CompletableFuture<>();
		if (!execute(() -> snapshot.complete((this.core != null) ? this.core.snapshot() : null))) {
			snapshot.complete(null);
		}
		return snapshot;
	}

	/** Releases what is held. */
	CompletableFuture<Void> close() {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		boolean asked = execute(() -> {
			this.early.forEach(StorageExecutor::release);
			this.early.clear();
			if (this.core != null) {
				this.core.close();
			}
			this.core = null;
			this.failure = new StorageFailure(ErrorCode.GOING_AWAY, "The broker is closed");
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
		if (this.core == null || this.storage == null) {
			handleWithoutLog(command);
			return;
		}
		this.storage.outcomeSeen(command);
		try {
			for (Effect effect : this.core.handle(command, this.clock.getAsLong())) {
				if (effect instanceof Effect.Telling telling) {
					tell(telling);
				}
				else if (effect instanceof Effect.Storing storing) {
					this.storage.execute(storing);
				}
			}
		}
		catch (RuntimeException ex) {
			logger.error("Topic {} failed at {}", this.topic, command.getClass().getSimpleName(), ex);
			refuse(command, ErrorCode.INTERNAL, "The broker failed: " + ex);
		}
		checkIdle();
	}

	private void handleWithoutLog(Command command) {
		if (this.failure == null) {
			this.early.add(command);
			return;
		}
		StorageExecutor.release(command);
		refuse(command, this.failure.code(), this.failure.reason());
	}

	private void refuse(Command command, ErrorCode code, String reason) {
		if (command instanceof Command.Request request) {
			tell(new Effect.Refused(request.replyTo(), code, reason));
		}
	}

	/**
	 * A client that cannot be told does not keep the effects that follow from happening.
	 */
	private void tell(Effect.Telling telling) {
		try {
			this.clients.accept(telling);
		}
		catch (RuntimeException ex) {
			logger.error("Topic {} could not tell a client {}", this.topic, telling.getClass().getSimpleName(), ex);
		}
	}

	private void checkIdle() {
		if (!this.awaitingIdle.isEmpty() && this.early.isEmpty() && (this.storage == null || this.storage.isIdle())) {
			this.awaitingIdle.forEach((idle) -> idle.complete(null));
			this.awaitingIdle.clear();
		}
	}

}
