package io.weir.broker.engine;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

import io.weir.broker.store.Entry;
import io.weir.broker.store.TopicLog;

/**
 * Carries out the storage effects of one topic. Called on the topic's thread; the outcome
 * goes back as a command.
 */
final class StorageExecutor {

	private final TopicLog log;

	private final Consumer<Command> outcomes;

	private final Consumer<Runnable> thread;

	/** Writes, and what requests wait for, whose outcome the topic has not seen. */
	private int writes;

	StorageExecutor(TopicLog log, Consumer<Command> outcomes, Consumer<Runnable> thread) {
		this.log = log;
		this.thread = thread;
		this.outcomes = outcomes;
	}

	void execute(Effect.Storing effect) {
		if (effect instanceof Effect.Append append) {
			write(this.log.append(append.header(), append.batch()),
					(position) -> new Command.Appended(append.append(), position),
					(reason) -> new Command.AppendFailed(append.append(), reason));
		}
		else if (effect instanceof Effect.Read read) {
			report(this.log.read(read.from(), read.maxEntries(), read.maxBytes()),
					(entries) -> new Command.EntriesRead(read.subscription(), entries),
					(reason) -> new Command.ReadFailed(read.subscription(), reason));
		}
		else if (effect instanceof Effect.StoreAcknowledgements store) {
			write(this.log.cursors()
				.acknowledge(store.subscription().name(), store.acknowledgedUpTo(), store.entries()),
					(ignored) -> new Command.AcknowledgementsStored(store.subscription()),
					(reason) -> new Command.AcknowledgementsFailed(store.subscription(), reason));
		}
		else if (effect instanceof Effect.CreateCursor create) {
			write(this.log.cursors().create(create.subscription(), create.type(), create.acknowledgedUpTo()),
					(ignored) -> new Command.CursorCreated(create.subscription()),
					(reason) -> new Command.CursorFailed(create.subscription(), reason));
		}
		else if (effect instanceof Effect.FindTime find) {
			write(this.log.find(find.publishTime()), (position) -> new Command.TimeFound(find.subscription(), position),
					(reason) -> new Command.FindFailed(find.subscription(), reason));
		}
		else if (effect instanceof Effect.MoveCursor move) {
			write(this.log.cursors().move(move.subscription().name(), move.acknowledgedUpTo(), move.entries()),
					(ignored) -> new Command.CursorMoved(move.subscription()),
					(reason) -> new Command.CursorMoveFailed(move.subscription(), reason));
		}
		else if (effect instanceof Effect.DeleteCursor delete) {
			write(this.log.cursors().delete(delete.subscription().name()),
					(ignored) -> new Command.CursorDeleted(delete.subscription()),
					(reason) -> new Command.CursorDeleteFailed(delete.subscription(), reason));
		}
		else if (effect instanceof Effect.CountMessages count) {
			report(new BacklogCount(this.log, count, this.thread).start(),
					(messages) -> new Command.MessagesCounted(count.subscription(), count.skipped(), messages),
					(reason) -> new Command.MessagesCounted(count.subscription(), count.skipped(), 0));
		}
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

	private <T> void write(CompletionStage<T> stage, Function<T, Command> success, Function<String, Command> failure) {
		this.writes++;
		report(stage, success, failure);
	}

	private <T> void report(CompletionStage<T> stage, Function<T, Command> success, Function<String, Command> failure) {
		stage.whenComplete((result, cause) -> this.outcomes
			.accept((cause != null) ? failure.apply(reason(cause)) : success.apply(result)));
	}

	/** What went wrong, for people. */
	static String reason(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return (cause.getMessage() != null) ? cause.getMessage() : cause.toString();
	}

	/** Gives up the buffers of a command that no topic handles. */
	static void release(Command command) {
		if (command instanceof Command.Publish publish) {
			publish.batch().release();
		}
		else if (command instanceof Command.EntriesRead read) {
			read.entries().forEach(Entry::release);
		}
	}

}
