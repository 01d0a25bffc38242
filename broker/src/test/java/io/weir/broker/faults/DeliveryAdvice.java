package io.weir.broker.faults;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

import io.weir.broker.engine.dispatch.AckLedger;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.message.MessageId;
import io.weir.wire.Position;

/**
 * The code of {@link DeliveryFault}s, which becomes part of the methods that they change.
 */
@SuppressWarnings("UnusedVariable") // what is assigned is what the method goes on with
final class DeliveryAdvice {

	private DeliveryAdvice() {
	}

	static final class ReturnsNoCounts {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) RedeliveryCounts returned) {
			returned = RedeliveryCounts.NONE;
		}

	}

	static final class IsLate {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(value = 0, readOnly = false) long now) {
			now = Long.MAX_VALUE - 1;
		}

	}

	static final class ReturnsNoMessages {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) BitSet returned) {
			returned = new BitSet();
		}

	}

	static final class AcknowledgesAtOnce {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(0) MessageId id, @Advice.FieldValue("ledger") AckLedger ledger) {
			ledger.acknowledge(id, Position.of(id));
		}

	}

	static final class ReturnsANewName {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) String returned) {
			returned = returned + System.nanoTime();
		}

	}

	static final class GoesTooFar {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(value = 0, readOnly = false) Position position) {
			position = new Position(position.segment(), position.entry() + 2);
		}

	}

	static final class BecomesTheWriter {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(0) Object log, @Advice.FieldValue(value = "writer", readOnly = false,
				typing = Assigner.Typing.DYNAMIC) Object writer) {
			writer = log;
		}

	}

	static final class ReturnsAThousand {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(readOnly = false) NavigableMap<Position, ?> returned) {
			List<Position> positions = new ArrayList<>(returned.keySet());
			returned = (positions.size() > 1_000) ? returned.headMap(positions.get(1_000), false) : returned;
		}

	}

}
