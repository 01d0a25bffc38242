package io.weir.broker.engine.subscription;

import java.util.BitSet;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.context.TopicProgress;
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

	/**
	 * Where a subscription goes on that was to go on at what is kept no longer. A time
	 * before the first entry that is kept may be one of what is gone: nobody knows any
	 * more when that was stored. The beginning is wherever the log begins.
	 * @param wanted what was asked for
	 * @param target what became of that
	 * @return the first position that may hold an entry, or {@code null} if what was
	 * asked for is not gone
	 */
	static @Nullable Position insteadOf(SubscriptionChange wanted, Cursor target, TopicProgress topic) {
		Position next = target.acknowledgedUpTo().after();
		boolean gone = topic.first().isAfter(next);
		if (wanted instanceof SubscriptionChange.MoveToTime time) {
			boolean begins = next.equals(topic.first()) && topic.trimmed().messages() > 0;
			gone = time.publishTime() > 0 && (gone || begins);
		}
		return gone ? topic.first() : null;
	}

}
