package io.weir.broker.engine;

import io.netty.buffer.ByteBuf;

import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.ScheduleStore;
import io.weir.wire.Position;

/** What a topic wants the store to carry out with messages that are delayed. */
public sealed interface Scheduling extends Storing {

	/**
	 * Keep a message until it is due; answered as {@link Storing.Append}, with its
	 * position in the schedule.
	 *
	 * @param append the number to give back in {@link Outcome.Appended}
	 * @param due when it is due, in milliseconds since 1970
	 * @param header the header of its entry
	 * @param batch the message, released by the log
	 */
	record Delay(long append, long due, EntryHeader header, ByteBuf batch) implements Storing.OfMessages {

		@Override
		public Command done(Position position) {
			return new Outcome.Appended(this.append, position);
		}

	}

	/**
	 * Read delayed messages that are due; there is one such effect under way at most.
	 *
	 * @param upTo the latest time wanted, in milliseconds since 1970
	 * @param maxEntries how many at most
	 * @param maxBytes how many bytes at most, though one message at least
	 */
	record ReadDue(long upTo, int maxEntries, int maxBytes) implements Scheduling, Storing.Asking<ScheduleStore.Due> {

		@Override
		public Command done(ScheduleStore.Due due) {
			return new Outcome.DueRead(due);
		}

		@Override
		public boolean awaited() {
			return false;
		}

	}

	/**
	 * Append a delayed message, and take it out of the schedule.
	 *
	 * @param scheduled its position in the schedule
	 * @param header the entry's header
	 * @param batch the message, released by the log
	 */
	record AppendDue(Position scheduled, EntryHeader header, ByteBuf batch) implements Scheduling, Storing.OfMessages {

		@Override
		public Command done(Position position) {
			return new Outcome.DueAppended(position, this.header.count(),
					this.header.index().start(this.header.count()));
		}

	}

	/**
	 * Take a delayed message out of the schedule for good.
	 *
	 * @param scheduled its position there
	 */
	record RemoveScheduled(Position scheduled) implements Scheduling, Storing.Asking<Boolean> {

		@Override
		public Command done(Boolean wasThere) {
			return new Outcome.ScheduledRemoved(this.scheduled, wasThere);
		}

	}

}
