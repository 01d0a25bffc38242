package io.weir.broker.engine.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.RemoveDamaged;
import io.weir.broker.engine.Scheduling;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.store.Extent;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.TopicLog;
import io.weir.wire.Position;

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

	private final Supplier<Forwarder> forwarder;

	private final Executor background;

	/** By the store, at the present effect. */
	private @Nullable Throwable thrown;

	/** How many effects have no outcome that the topic has seen. */
	private int asked;

	/** Those of them that are awaited. */
	private int awaited;

	/** Creates an executor that has keys read by the thread that has read the log. */
	StorageExecutor(TopicLog log, Consumer<Command> outcomes, Consumer<Throwable> broken, Admission admission,
			Consumer<Error> errors, Supplier<Forwarder> forwarder) {
		this(log, outcomes, broken, admission, errors, forwarder, Runnable::run);
	}

	/**
	 * Creates the executor.
	 * @param outcomes hears, on any thread, how storage went
	 * @param broken hears, on the topic's thread, what the store threw
	 * @param forwarder publishes to other topics
	 * @param background takes what may take its time
	 */
	StorageExecutor(TopicLog log, Consumer<Command> outcomes, Consumer<Throwable> broken, Admission admission,
			Consumer<Error> errors, Supplier<Forwarder> forwarder, Executor background) {
		this.background = background;
		this.forwarder = forwarder;
		this.broken = broken;
		this.admission = admission;
		this.errors = errors;
		this.log = log;
		this.outcomes = outcomes;
	}

	/** Whoever waits for the effect is told of its outcome, whatever the store throws. */
	void execute(Storing effect) {
		this.thrown = null;
		ask(effect);
		if (this.thrown != null) {
			this.broken.accept(this.thrown);
		}
	}

	private void ask(Storing effect) {
		if (effect instanceof Storing.Append append) {
			report(append, () -> counted(append, () -> this.log.append(append.header(), append.batch())));
		}
		else if (effect instanceof Scheduling.Delay delay) {
			report(delay,
					() -> counted(delay, () -> this.log.schedule().add(delay.due(), delay.header(), delay.batch())));
		}
		else if (effect instanceof Scheduling.AppendDue append) {
			report(append, () -> counted(append,
					() -> this.log.schedule().append(append.scheduled(), append.header(), append.batch())));
		}
		else if (effect instanceof Scheduling.ReadDue read) {
			report(read, () -> readDue(read));
		}
		else if (effect instanceof Scheduling.RemoveScheduled remove) {
			report(remove, () -> this.log.schedule().remove(remove.scheduled()));
		}
		else if (effect instanceof Storing.Read read) {
			report(read, () -> this.log.read(read.from(), read.maxEntries(), read.maxBytes()));
		}
		else if (effect instanceof Storing.StoreEpochs store) {
			report(store, () -> this.log.storeEpochs(store.name(), store.epochs()));
		}
		else if (effect instanceof Storing.StoreAcknowledgements store) {
			report(store, () -> this.log.cursors().acknowledge(store.subscription().name(), store.change()));
		}
		else if (effect instanceof Storing.CreateCursor create) {
			report(create, () -> this.log.cursors()
				.create(create.subscription().name(), create.type(), create.acknowledgedUpTo()));
		}
		else if (effect instanceof Storing.FindTime find) {
			report(find, () -> this.log.find(find.publishTime()));
		}
		else if (effect instanceof Storing.FindExpired find) {
			report(find, () -> findExpired(find));
		}
		else if (effect instanceof Storing.MoveCursor move) {
			report(move, () -> this.log.cursors().move(move.subscription().name(), move.target()));
		}
		else if (effect instanceof Storing.DeleteCursor delete) {
			report(delete, () -> this.log.cursors().delete(delete.subscription().name()));
		}
		else if (effect instanceof Storing.FindOrdinal find) {
			report(find, () -> this.log.findExtent(find.position()).thenApply(Extent::messages));
		}
		else if (effect instanceof Storing.Trim trim) {
			report(trim, () -> this.log.trim(trim.before()));
		}
		else if (effect instanceof RemoveDamaged remove) {
			report(remove, () -> this.log.removeDamaged(remove.from(), remove.to()));
		}
		else if (effect instanceof Compacting.ReadKeys read) {
			report(read, () -> new KeyReader(this.log, this.background).read(read));
		}
		else if (effect instanceof Compacting.RemoveSuperseded remove) {
			report(remove, () -> this.log.remove(remove.entries()));
		}
		else if (effect instanceof Compacting.Finished finished) {
			KeyReader.log(finished, this.log.topic());
		}
		else if (effect instanceof Storing.FindNewest find) {
			report(find, () -> findNewest(find));
		}
		else if (effect instanceof Storing.FindExtent find) {
			report(find, () -> this.log.findExtent(find.position()));
		}
		else if (effect instanceof Storing.Forward forward) {
			report(forward, () -> this.forwarder.get().forward(this.log.topic(), forward));
		}
		else if (effect instanceof Storing.ForwardCopy copy) {
			report(copy, () -> new CopyForwarder(this.log, this.forwarder).forward(copy));
		}
		else if (effect instanceof Storing.ForgetForwarded forget) {
			asked(() -> this.forwarder.get().forget(this.log.topic(), forget)).exceptionally((failure) -> {
				logger.warn("Topic {} still remembers what topic {} has forwarded to it", forget.target(),
						this.log.topic(), failure);
				return null;
			});
		}
		else if (effect instanceof Storing.ForgetProducers forget) {
			asked(() -> this.log.forgetProducers(forget.names())).exceptionally((failure) -> {
				logger.warn("Topic {} still stores what it has forgotten of producers", this.log.topic(), failure);
				return null;
			});
		}
	}

	private CompletionStage<Outcome.ExpiredFound> findExpired(Storing.FindExpired find) {
		return this.log.find(find.publishTime())
			.thenCompose((position) -> this.log.findExtent(position.before())
				.thenApply((extent) -> new Outcome.ExpiredFound(find.subscription(), position, extent.messages())));
	}

	/** What could not be appended now need not be read. */
	private CompletionStage<ScheduleStore.Due> readDue(Scheduling.ReadDue read) {
		StorageException refusal = this.admission.unavailable();
		return (refusal != null) ? CompletableFuture.failedFuture(refusal)
				: this.log.schedule().read(read.upTo(), read.maxEntries(), read.maxBytes());
	}

	private CompletionStage<Position> findNewest(Storing.FindNewest find) {
		return this.log.find(find.publishTime())
			.thenCombine(this.log.findByte(find.offset()), (young, recent) -> young.isAfter(recent) ? young : recent);
	}

	private CompletionStage<Position> counted(Storing.OfMessages messages, Supplier<CompletionStage<Position>> action) {
		int size = messages.batch().readableBytes();
		CompletionStage<Position> appended = action.get();
		this.admission.waiting(size);
		return appended.whenComplete((position, failure) -> this.admission.waiting(-size));
	}

	/** Takes note that the topic is given an outcome. */
	void outcomeSeen(Command command) {
		if (command instanceof Outcome outcome) {
			this.asked--;
			this.awaited -= outcome.awaited() ? 1 : 0;
		}
	}

	/** How much was asked that has no outcome yet, whoever may wait for it. */
	int asked() {
		return this.asked;
	}

	boolean isIdle() {
		return this.awaited == 0;
	}

	private <T> void report(Storing.Asking<T> effect, Supplier<CompletionStage<T>> question) {
		this.asked++;
		this.awaited += effect.awaited() ? 1 : 0;
		asked(question).whenComplete((result, cause) -> {
			try {
				this.outcomes.accept((cause != null) ? effect.failed(StorageFailure.of(cause)) : effect.done(result));
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

}
