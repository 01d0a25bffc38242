package io.weir.broker.faults;

import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.wire.Position;

/**
 * The code of {@link EngineFault}s, which becomes part of the methods that they change.
 */
@SuppressWarnings("UnusedVariable") // what is assigned is what the method goes on with
final class EngineAdvice {

	private EngineAdvice() {
	}

	static final class ReturnsItsPosition {

		@Advice.OnMethodExit
		static void exit(@Advice.Argument(0) Position position, @Advice.Return(readOnly = false) Position returned) {
			returned = position;
		}

	}

	static final class ForgetsTheFailure {

		@Advice.OnMethodExit
		static void exit(@Advice.FieldValue(value = "failure", readOnly = false,
				typing = Assigner.Typing.DYNAMIC) Object failure) {
			failure = null;
		}

	}

	static final class ReturnsTheBeginning {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) Position returned) {
			returned = Position.BEFORE_FIRST;
		}

	}

	static final class ReturnsNoEntries {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) NavigableMap<?, ?> returned) {
			returned = new TreeMap<>();
		}

	}

	static final class ReturnsWhatWasRead {

		@Advice.OnMethodExit
		static void exit(@Advice.FieldValue("readUpTo") Position readUpTo,
				@Advice.Return(readOnly = false) Position returned) {
			returned = readUpTo;
		}

	}

	static final class AnswersAtOnce {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(0) ReplyTo replyTo, @Advice.FieldValue("out") Consumer<Effect> out) {
			out.accept(new Effect.Done(replyTo));
		}

	}

	static final class ConfirmsAtOnce {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(0) Command.Publish publish, @Advice.FieldValue("out") Consumer<Effect> out) {
			out.accept(new Effect.Stored(publish.replyTo(), new Position(0, 0), false));
		}

	}

	static final class ReturnsTheFirstConstant {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object returned) {
			returned = ((Enum<?>) returned).getDeclaringClass().getEnumConstants()[0];
		}

	}

	static final class BeginsWithNoPermits {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue(value = "permits", readOnly = false) int permits) {
			permits = 0;
		}

	}

	static final class AsksForEverything {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(value = 0, readOnly = false) int max) {
			max = Integer.MAX_VALUE;
		}

	}

	static final class ReturnsTheLast {

		@Advice.OnMethodExit
		static void exit(@Advice.FieldValue("waiting") NavigableMap<?, ?> waiting,
				@Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object returned) {
			returned = waiting.isEmpty() ? null : waiting.lastEntry().getValue();
		}

	}

	static final class TakesTurns {

		@Advice.OnMethodExit
		static void exit(@Advice.FieldValue(value = "turn", readOnly = false) int turn) {
			turn++;
		}

	}

	static final class CountsNothing {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(value = 2, readOnly = false) int redeliveries) {
			redeliveries = 0;
		}

	}

	static final class HearsNoEpoch {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(value = 0, readOnly = false) long said) {
			said = Math.min(said, 0);
		}

	}

	static final class ReturnsNoEpochs {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) Epochs returned) {
			returned = Epochs.NONE;
		}

	}

	static final class ReturnsDone {

		@Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
		static boolean enter() {
			return true;
		}

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) CompletionStage<@Nullable Void> returned) {
			returned = CompletableFuture.completedFuture(null);
		}

	}

}
