package io.weir.faults;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.buffer.ByteBuf;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.matcher.ElementMatchers;
import org.jspecify.annotations.Nullable;

import io.weir.fixtures.faults.Change;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/** The code of {@link WireFault}s, which becomes part of the methods that they change. */
@SuppressWarnings("UnusedVariable") // what is assigned is what the method goes on with
final class WireAdvice {

	static final Change WITHOUT_FLUSHING = (type,
			method) -> type.visit(MemberSubstitution.relaxed()
				.method(ElementMatchers.named("writeAndFlush"))
				.replaceWithMethod(ElementMatchers.named("write").and(ElementMatchers.takesArguments(2)))
				.on(method));

	private WireAdvice() {
	}

	static final class RefusesWhatIsIncomplete {

		@Advice.OnMethodExit
		static void exit(@Advice.Argument(0) ByteBuf in, @Advice.Return @Nullable ByteBuf returned) {
			if (returned == null && in.isReadable()) {
				throw new ProtocolException(ErrorCode.PROTOCOL_VIOLATION, "A frame is cut off");
			}
		}

	}

	static final class ReturnsLow16Bits {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) long returned) {
			returned &= 0xFFFF;
		}

	}

	static final class ReturnsLow16BitsOfInt {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) int returned) {
			returned &= 0xFFFF;
		}

	}

	static final class ReturnsInsteadOfThrowing {

		@Advice.OnMethodExit(onThrowable = ProtocolException.class)
		static void exit(@Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
			thrown = null;
		}

	}

	static final class RunsAtOnce {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(0) Runnable action) {
			action.run();
		}

	}

	static final class SchedulesAgain {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue("turnScheduled") AtomicBoolean scheduled) {
			scheduled.set(false);
		}

	}

	static final class ReleasesTheBatch {

		@Advice.OnMethodExit
		static void exit(@Advice.Return Frame.Publish returned) {
			returned.batch().release();
		}

	}

	static final class ReturnsDone {

		@Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
		static boolean enter() {
			return true;
		}

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) CompletionStage<Boolean> returned) {
			returned = CompletableFuture.completedFuture(true);
		}

	}

}
