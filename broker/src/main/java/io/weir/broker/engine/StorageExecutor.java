package io.weir.broker.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.Entry;
import io.weir.broker.store.TopicLog;
import io.weir.message.Position;

/**
 * Carries out the storage effects of one topic. Called on the topic's thread; the outcome
 * goes back as a command.
 */
final class StorageExecutor {

	private static final Logger logger = LoggerFactory.getLogger(StorageExecutor.class);

	private final TopicLog log;

	private final Consumer<Command> outcomes;

	private final Consumer<Throwable> broken;

	private final Admission admission;

	private final Consumer<Error> errors;

	/** By the store, at the present effect. */
	private @Nullable Throwable thrown;

	/** Writes, and what requests wait for, whose outcome the topic has not seen. */
	private int writes;

	/**
	 * Creates the executor.
	 * @param outcomes hears, on any thread, how storage went
	 * @param broken hears, on the topic's thread, what the store threw
	 */
	StorageExecutor(TopicLog log, Consumer<Command> outcomes, Consumer<Throwable> broken, Admission admission,
			Consumer<Error> errors) {
		this.broken = broken;
		this.admission = admission;
		this.errors = errors;
		this.log = log;
		this.outcomes = outcomes;
	}

	/** Whoever waits for the effect is told of its outcome, whatever the store throws. */
	void execute(Effect.Storing effect) {
		this.thrown = null;
		ask(effect);
		if (this.thrown != null) {
			this.broken.accept(this.thrown);
		}
	}

	private void ask(Effect.Storing effect) {
		if (effect instanceof Effect.Append append) {
			write(() -> append(append), (position) -> new Command.Appended(append.append(), position),
					(failed) -> new Command.AppendFailed(append.append(), failed));
		}
		else if (effect instanceof Effect.Read read) {
			report(() -> this.log.read(read.from(), read.maxEntries(), read.maxBytes()),
					(entries) -> new Command.EntriesRead(read.subscription(), entries),
					(failed) -> new Command.ReadFailed(read.subscription(), failed));
		}
		else if (effect instanceof Effect.StoreAcknowledgements store) {
			write(() -> this.log.cursors()
				.acknowledge(store.subscription().name(), store.acknowledgedUpTo(), store.entries()),
					(ignored) -> new Command.AcknowledgementsStored(store.subscription()),
					(failed) -> new Command.AcknowledgementsFailed(store.subscription(), failed));
		}
		else if (effect instanceof Effect.CreateCursor create) {
			write(() -> this.log.cursors().create(create.subscription(), create.type(), create.acknowledgedUpTo()),
					(ignored) -> new Command.CursorCreated(create.subscription()),
					(failed) -> new Command.CursorFailed(create.subscription(), failed));
		}
		else if (effect instanceof Effect.FindTime find) {
			write(() -> this.log.find(find.publishTime()),
					(position) -> new Command.TimeFound(find.subscription(), position),
					(failed) -> new Command.FindFailed(find.subscription(), failed));
		}
		else if (effect instanceof Effect.MoveCursor move) {
			write(() -> this.log.cursors().move(move.subscription().name(), move.acknowledgedUpTo(), move.entries()),
					(ignored) -> new Command.CursorMoved(move.subscription()),
					(failed) -> new Command.CursorMoveFailed(move.subscription(), failed));
		}
		else if (effect instanceof Effect.DeleteCursor delete) {
			write(() -> this.log.cursors().delete(delete.subscription().name()),
					(ignored) -> new Command.CursorDeleted(delete.subscription()),
					(failed) -> new Command.CursorDeleteFailed(delete.subscription(), failed));
		}
		else if (effect instanceof Effect.ForgetProducers forget) {
			asked(() -> this.log.forgetProducers(forget.names())).exceptionally((failure) -> {
				logger.warn("Topic {} still stores what it has forgotten of producers", this.log.topic(), failure);
				return null;
			});
		}
		else if (effect instanceof Effect.CountMessages count) {
			report(() -> this.log.count(count.after(), count.upTo()),
					(messages) -> new Command.MessagesCounted(count.subscription(), count.skipped(), messages),
					(failed) -> new Command.MessagesCounted(count.subscription(), count.skipped(), 0));
		}
	}

	private CompletionStage<Position> append(Effect.Append append) {
		int size = append.batch().readableBytes();
		CompletionStage<Position> appended = this.log.append(append.header(), append.batch());
		this.admission.waiting(size);
		return appended.whenComplete((position, failure) -> this.admission.waiting(-size));
	}

	/** Takes note that the topic is given the outcome of a write. */
	void outcomeSeen(Command outcome) {
		if (outcome instanceof Command.WriteOutcome) {
			this.writes--;
		}
	}

	boolean isIdle() {
		return this.writes == 0;
	}

	private <T> void write(Supplier<CompletionStage<T>> question, Function<T, Command> success,
			Function<StorageFailure, Command> failure) {
		this.writes++;
		report(question, success, failure);
	}

	private <T> void report(Supplier<CompletionStage<T>> question, Function<T, Command> success,
			Function<StorageFailure, Command> failure) {
		asked(question).whenComplete((result, cause) -> {
			try {
				this.outcomes.accept((cause != null) ? failure.apply(StorageFailure.of(cause)) : success.apply(result));
			}
			catch (Throwable ex) {
				// Nobody else would see it: the stage that follows is not kept.
				logger.error("Topic {} could not be told how storage went", this.log.topic(), ex);
				if (ex instanceof Error error) {
					this.errors.accept(error);
				}
			}
		});
	}

	private <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> question) {
		try {
			return question.get();
		}
		catch (RuntimeException | Error ex) {
			this.thrown = ex;
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** Gives up the buffers of a command that no topic handles. */
	static void release(Command command) {
		if (command instanceof Command.Publish publish) {
			publish.batch().release();
		}
		else if (command instanceof Command.EntriesRead read) {
			read.entries().forEach(Entry::release);
		}
		else if (command instanceof Command.PublishRefused refused) {
			refused.publish().batch().release();
		}
	}

}
