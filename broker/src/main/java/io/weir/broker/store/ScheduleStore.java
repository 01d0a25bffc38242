package io.weir.broker.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;

import io.weir.wire.Position;

/**
 * The messages of one topic that are to come into its log later, by the time when they
 * are due. Called by the topic's writer only; what it writes keeps its order with what is
 * {@linkplain TopicLog#append appended}, and fails as that does.
 */
public interface ScheduleStore {

	/** The time of {@link #firstDue()} if nothing is scheduled. */
	long NEVER = Long.MAX_VALUE;

	/**
	 * When the first message was due that was there when the log was opened; asks nothing
	 * of the store.
	 * @return milliseconds since 1970, or {@link #NEVER}
	 */
	long firstDue();

	/**
	 * How many messages were there when the log was opened; asks nothing of the store.
	 * @return the number
	 */
	long size();

	/**
	 * Adds a message and, atomically with it, what is needed to recognise it as a
	 * duplicate later.
	 * @param due when it is due, in milliseconds since 1970
	 * @param header what to keep beside the bytes, of one message
	 * @param batch the bytes, released by the store, also on failure
	 * @return the {@linkplain ScheduledPosition position} of the message, once it is as
	 * durable as an entry; exceptionally {@link StorageException}
	 */
	CompletionStage<Position> add(long due, EntryHeader header, ByteBuf batch);

	/**
	 * Reads the messages that are due, the earliest first; sees what was added and has
	 * completed. A message that is damaged is left out. Not called before all that the
	 * last call has given was appended, or failed.
	 * @param upTo the latest time wanted, in milliseconds since 1970
	 * @param maxEntries how many at most, from 1
	 * @param maxBytes when to stop, though at least one is read if there is one
	 * @return the messages, which the caller must release; exceptionally
	 * {@link StorageException}
	 */
	CompletionStage<Due> read(long upTo, int maxEntries, int maxBytes);

	/**
	 * Appends a message to the log and, atomically with it, takes it out of the schedule.
	 * @param scheduled its position in the schedule
	 * @param header what to keep beside the bytes
	 * @param batch the bytes, released by the store, also on failure
	 * @return where the entry stands, as of {@link TopicLog#append}
	 */
	CompletionStage<Position> append(Position scheduled, EntryHeader header, ByteBuf batch);

	/**
	 * Takes a message out of the schedule for good. Not called again for it before this
	 * has completed.
	 * @param scheduled its position
	 * @return whether it was there, once that is as durable as an entry; exceptionally
	 * {@link StorageException}
	 */
	CompletionStage<Boolean> remove(Position scheduled);

	/**
	 * Messages that are due.
	 *
	 * @param entries the messages, whose positions are those in the schedule
	 * @param nextDue when the first one after these is due, or {@link #NEVER}
	 */
	record Due(List<Entry> entries, long nextDue) {
	}

}
