package io.weir.broker.engine.subscription;

import java.util.BitSet;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.SubscriptionType;
import io.weir.wire.Limits;
import io.weir.wire.Position;

/** Where a subscription is moved to: what counts as acknowledged there. */
final class SeekTarget {

	private SeekTarget() {
	}

	/** The cursor from which the message, or else the first after it, comes next. */
	static Cursor of(SubscriptionType type, MessageId id, Position lastStored) {
		Position position = Position.of(id);
		int index = MessageIds.index(id);
		if (position.isAfter(lastStored)) {
			return Cursor.at(type, lastStored);
		}
		Cursor target = Cursor.at(type, position.before());
		if (index > 0) {
			BitSet earlier = new BitSet();
			earlier.set(0, Math.min(index, Limits.MAX_BATCH_MESSAGES));
			target.entries().put(position, new PartialEntry(0, earlier));
		}
		return target;
	}

	/** The cursor from which an entry comes next. */
	static Cursor of(SubscriptionType type, Position entry) {
		return Cursor.at(type, entry.before());
	}

}
