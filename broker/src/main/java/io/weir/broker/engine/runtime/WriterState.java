package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.TopicSnapshot;
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

	/** Whether it is known what goes on in the topic, or that nothing does. */
	default boolean canAnswer() {
		return true;
	}

	/** What goes on in the topic, if it is served. */
	default @Nullable TopicSnapshot snapshot() {
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
		default boolean canAnswer() {
			return false;
		}

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
		public boolean canAnswer() {
			return this.life.isKnown();
		}

		@Override
		public TopicSnapshot snapshot() {
			return this.life.snapshot();
		}

		@Override
		public boolean isIdle() {
			return this.life.isIdle();
		}

		@Override
		public void close() {
			this.life.close();
		}

	}

	/** It is being decided whether the topic is deleted. */
	record Held(TopicLife life, List<Command> waiting) implements Holding {

		@Override
		public boolean isIdle() {
			return Holding.super.isIdle() && this.life.isIdle();
		}

		@Override
		public void close() {
			Holding.super.close();
			this.life.close();
		}

	}

	/** The topic is to be deleted. */
	sealed interface Ending extends Holding {

		@Override
		TopicLife life();

		/** Completes when it is deleted, or not. */
		CompletableFuture<Void> done();

		@Override
		default void close() {
			Holding.super.close();
			life().close();
			done().completeExceptionally(TopicHold.goingAway());
		}

	}

	/** What its log was asked has no outcome yet. */
	record Draining(TopicLife life, List<Command> waiting, CompletableFuture<Void> done) implements Ending {
	}

	/** The log is being deleted. */
	record Deleting(TopicLife life, List<Command> waiting, CompletableFuture<Void> done) implements Ending {
	}

	/** Nothing is stored of the topic any more, and nobody is to use it yet. */
	record Deleted(List<Command> waiting) implements Holding {
	}

	/** The topic is deleted, or has left the memory; another writer takes its place. */
	record Left() implements WriterState {

		@Override
		public boolean isIdle() {
			return true;
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
