package io.weir.broker.store.rocksdb.faults;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.asm.ModifierAdjustment;
import net.bytebuddy.description.modifier.SynchronizationState;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import net.bytebuddy.matcher.ElementMatchers;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.broker.store.StorageException;
import io.weir.fixtures.faults.Change;
import io.weir.wire.Position;

/**
 * The code of {@link StoreFault}s, which becomes part of the methods that they change.
 */
@SuppressWarnings("UnusedVariable") // what is assigned is what the method goes on with
final class StoreAdvice {

	/** In all methods of the class, or nothing would be found again. */
	static final Change WITHOUT_TOPIC_ID = (type,
			method) -> type.visit(MemberSubstitution.relaxed()
				.field(ElementMatchers.named("topicId"))
				.onRead()
				.stub()
				.on(ElementMatchers.any()));

	static final Change SYNCHRONIZED = (type, method) -> type
		.visit(new ModifierAdjustment().withMethodModifiers(method, SynchronizationState.SYNCHRONIZED));

	private StoreAdvice() {
	}

	static final class ReturnsTheBeginning {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) Cursor returned) {
			returned = new Cursor(returned.type(), new Position(0, -1), returned.holesUpTo(), returned.entries(),
					returned.redeliveries());
		}

	}

	static final class ReturnsNoMessages {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) PartialEntry returned) {
			returned = new PartialEntry(returned.messages(), new BitSet());
		}

	}

	static final class TakesAThousand {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(value = 1, readOnly = false) Map<Position, PartialEntry> entries) {
			Map<Position, PartialEntry> some = new HashMap<>();
			for (Map.Entry<Position, PartialEntry> entry : entries.entrySet()) {
				if (entry.getKey().entry() < 2_000) {
					some.put(entry.getKey(), entry.getValue());
				}
			}
			entries = some;
		}

	}

	static final class ReturnsNoRecords {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) Map<?, ?> returned) {
			returned = Map.of();
		}

	}

	static final class ReturnsWhatIsWritten {

		@Advice.OnMethodExit
		static void exit(@Advice.Argument(0) ByteBuf buffer, @Advice.Argument(2) int end,
				@Advice.Return(readOnly = false) int returned) {
			returned = buffer.getInt(end);
		}

	}

	static final class ReturnsNothing {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) String returned) {
			returned = "";
		}

	}

	static final class ReturnsInsteadOfThrowing {

		@Advice.OnMethodExit(onThrowable = StorageException.class)
		static void exit(@Advice.Thrown(readOnly = false) Throwable thrown) {
			thrown = null;
		}

	}

	static final class ForgetsTheFailure {

		@Advice.OnMethodExit
		static void exit(@Advice.FieldValue(value = "frozen", readOnly = false) StorageException frozen) {
			frozen = null;
		}

	}

	static final class Freezes {

		@Advice.OnMethodEnter
		static void enter(@Advice.FieldValue(value = "this$0", typing = Assigner.Typing.DYNAMIC) Object committer)
				throws ReflectiveOperationException {
			Freezing.freeze(committer);
		}

	}

	static final class ReadsAtOnce {

		@Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
		static boolean enter(@Advice.Argument(0) CompletableFuture<Object> result,
				@Advice.Argument(1) Supplier<Object> action) {
			result.complete(action.get());
			return true;
		}

	}

}
