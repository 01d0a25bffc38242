package io.weir.spring.faults;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

import io.weir.client.MessageBuilder;
import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.Acknowledgement;

/**
 * The code of {@link SpringFault}s, which becomes part of the methods that they change.
 */
@SuppressWarnings("UnusedVariable") // what is assigned is what the method goes on with
final class SpringAdvice {

	private SpringAdvice() {
	}

	static final class ForgetsTheFailure {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(value = 0, readOnly = false) @Nullable Throwable failure) {
			failure = null;
		}

	}

	static final class AcknowledgesAtOnce {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue("acknowledgement") Acknowledgement acknowledgement) {
			acknowledgement.acknowledge();
		}

	}

	static final class ThrowsTheFailure {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(0) WeirException failure) {
			throw failure;
		}

	}

	static final class ReturnsNobody {

		@Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
		static boolean enter() {
			return true;
		}

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) List<?> returned) {
			returned = List.of();
		}

	}

	static final class SendsAtOnce {

		@Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
		static boolean enter() {
			return true;
		}

		@Advice.OnMethodExit
		static void exit(@Advice.Argument(0) MessageBuilder<?> message,
				@Advice.Return(readOnly = false) CompletableFuture<MessageId> returned) {
			returned = message.sendAsync();
		}

	}

	static final class AnswersAll {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(0) Message<byte[]> reply,
				@Advice.FieldValue("waiting") Map<String, CompletableFuture<Message<byte[]>>> waiting) {
			for (CompletableFuture<Message<byte[]>> request : waiting.values()) {
				request.complete(reply);
			}
		}

	}

}
