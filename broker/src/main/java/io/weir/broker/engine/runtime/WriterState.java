package io.weir.broker.engine.runtime;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.StorageFailure;
import io.weir.wire.ErrorCode;

/**
 * What the writer of a topic is doing; {@link TopicWriter} says what follows what. For
 * the topic's thread.
 */
sealed interface WriterState {

	/** The topic as it is in memory now, if it is. */
	default @Nullable TopicLife life() {
		return null;
	}

	/** Whether nothing waits for the store. */
	boolean isIdle();

	default void close() {
	}

	/** Commands wait until the log is open. */
	sealed interface Holding extends WriterState {

		List<Command> waiting();

		@Override
		default boolean isIdle() {
			return waiting().isEmpty();
		}

		@Override
		default void close() {
			waiting().forEach(Command::release);
		}

	}

	/** The log is being opened. */
	record Opening(List<Command> waiting) implements Holding {
	}

	/** Commands are carried out. */
	record Serving(TopicLife life) implements WriterState {

		@Override
		public boolean isIdle() {
			return this.life.isIdle();
		}

		@Override
		public void close() {
			this.life.close();
		}

	}

	/** The log was lost; what it was asked has no outcome yet. */
	record Reopening(TopicLife life, List<Command> waiting) implements Holding {

		@Override
		public void close() {
			Holding.super.close();
			this.life.close();
		}

	}

	/** Commands are refused. */
	sealed interface Ended extends WriterState {

		/** Why. */
		StorageFailure failure();

	}

	/** Somebody else has the topic; what the log was asked has no outcome yet. */
	record Leaving(TopicLife life, StorageFailure failure) implements Ended {

		@Override
		public boolean isIdle() {
			return this.life.isIdle();
		}

		@Override
		public void close() {
			this.life.close();
		}

	}

	/** There is no log. */
	record Refusing(StorageFailure failure) implements Ended {

		@Override
		public boolean isIdle() {
			return true;
		}

	}

	/** The engine is closed. */
	record Closed() implements Ended {

		@Override
		public StorageFailure failure() {
			return new StorageFailure(ErrorCode.GOING_AWAY, "The broker is closed");
		}

		@Override
		public boolean isIdle() {
			return true;
		}

	}

}
