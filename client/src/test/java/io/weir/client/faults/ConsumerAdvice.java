package io.weir.client.faults;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

import io.weir.wire.Frame;

/**
 * The code of faults of consumers, connections and callbacks, which becomes part of the
 * methods that they change.
 */
@SuppressWarnings("UnusedVariable") // what is assigned is what the method goes on with
final class ConsumerAdvice {

	private ConsumerAdvice() {
	}

	static final class ReturnsOne {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) long returned) {
			returned = (returned >= 0) ? 1 : returned;
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

	static final class ReturnsNoTime {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) Duration returned) {
			returned = Duration.ZERO;
		}

	}

	static final class BeginsWithNothingOutstanding {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue(value = "outstanding", readOnly = false) int outstanding) {
			outstanding = 0;
		}

	}

	static final class OpensOnly {

		@Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
		static boolean enter(@Advice.FieldValue(value = "open", readOnly = false) boolean open) {
			open = true;
			return true;
		}

	}

	static final class CountsFromTheBatch {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(0) Frame.Deliver delivery,
				@Advice.Argument(value = 1, readOnly = false) int index) {
			index -= delivery.firstIndex();
		}

	}

	static final class BeginsWithTheFirst {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue("rounds") AtomicInteger rounds) {
			rounds.set(0);
		}

	}

	static final class RunsUnguarded {

		@Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
		static boolean enter(@Advice.Argument(value = 0, optional = true) @Nullable Runnable task) {
			if (task != null) {
				task.run();
			}
			return task != null;
		}

	}

	static final class RunsAtOnce {

		@Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
		static boolean enter(@Advice.Argument(0) Collection<? extends Runnable> tasks) {
			for (Runnable task : tasks) {
				task.run();
			}
			return true;
		}

	}

}
