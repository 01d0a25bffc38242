package io.weir.broker.store;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import io.netty.buffer.ByteBuf;

import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * The log of one topic. Called by one thread at a time, the topic's writer; stages
 * complete on the storage engine's threads, which the caller must not block, or before
 * they are returned. Whoever has opened a log closes it.
 */
public interface TopicLog extends AutoCloseable {

	/**
	 * The topic.
	 * @return the topic
	 */
	Topic topic();

	/**
	 * Tells when nothing can be written to this log any more: somebody else has opened
	 * the topic, it was deleted, a write failed, or the store was opened again. What was
	 * asked before still has its outcome. Unless somebody else has the topic, open it
	 * again to go on with what is really stored.
	 * @return completes with the reason, never if the log is only closed
	 */
	CompletionStage<StorageException> lost();

	/**
	 * Appends an entry and, atomically with it, what is needed to recognise it as a
	 * duplicate later. Appends complete in the order in which they were asked, each once
	 * it is as durable as {@link StorageEngine#durability()} says; after one has failed
	 * none later succeeds, and the log is {@linkplain #lost() lost}.
	 * @param header what to keep beside the bytes
	 * @param batch the bytes, released by the log, also on failure
	 * @return where the entry stands; exceptionally {@link StorageException}
	 */
	CompletionStage<Position> append(EntryHeader header, ByteBuf batch);

	/**
	 * Reads entries in order; sees what was appended and has completed.
	 * @param from the first position wanted; an entry need not exist there
	 * @param maxEntries how many at most, from 1
	 * @param maxBytes when to stop, though at least one entry is read if there is one
	 * @return the entries, which the caller must release, perhaps fewer than there are;
	 * empty only at the end of the log; exceptionally {@link StorageException}, also when
	 * the first one is damaged
	 */
	CompletionStage<List<Entry>> read(Position from, int maxEntries, int maxBytes);

	/**
	 * Looks for an entry by the time at which it was stored, without blocking the caller.
	 * @param publishTime the time, in milliseconds since 1970
	 * @return the position of an entry that was stored at the time or later and is the
	 * first one or follows one that was stored earlier; unless the clock was set back
	 * meanwhile there is one such entry at most. If there is none, the position after the
	 * last entry; exceptionally {@link StorageException}
	 */
	CompletionStage<Position> find(long publishTime);

	/**
	 * Looks for the first entry that begins at a byte of the log or after it, in a few
	 * steps however long the log is.
	 * @param offset how many bytes of batches the log has before it at least
	 * @return its position, or the position after the last entry; exceptionally
	 * {@link StorageException}
	 */
	CompletionStage<Position> findByte(long offset);

	/**
	 * Looks up how much the log has up to a position and with it, in a few steps however
	 * long it is.
	 * @param position the position; before the first entry that was not trimmed, what
	 * that one has before it; after the last one, {@link #extent()}
	 * @return how much; exceptionally {@link StorageException}, also when the entry there
	 * is damaged
	 */
	CompletionStage<Extent> findExtent(Position position);

	/**
	 * The first position that may hold an entry.
	 * @return the position
	 */
	Position first();

	/**
	 * The last entry that was appended and has completed.
	 * @return its position; before there is one, the position before {@link #first()},
	 * which is {@link Position#BEFORE_FIRST} unless a topic was deleted before
	 */
	Position lastConfirmed();

	/**
	 * How much the log has had up to there, since its beginning; asks nothing of the
	 * store.
	 * @return what it has before the next entry
	 */
	Extent extent();

	/**
	 * Gives up what stands before a position: it is no longer read or found, and its
	 * space is freed in time. Subscriptions that have not come that far go on at the
	 * first entry that is left.
	 * @param before the first position that must be kept
	 * @return the {@linkplain #first() first} position from now on, which may be an
	 * earlier one, once that is stored; exceptionally {@link StorageException}
	 */
	CompletionStage<Position> trim(Position before);

	/**
	 * Gives up entries in the middle, all or none of them: they are no longer read, and
	 * their space is freed in time. All others stay where they are, with their ordinals.
	 * @param entries their positions; the last entry of the log is not among them
	 * @return completes when that is stored; exceptionally {@link StorageException}
	 */
	CompletionStage<Void> remove(Set<Position> entries);

	/**
	 * Gives up those of a run of entries that are damaged, as {@link #remove} does; all
	 * others stay. The last entry of the log stays, whatever it is.
	 * @param from the first entry of the run
	 * @param to the last one
	 * @return those that were damaged, with how many messages each had, as far as can be
	 * told from the others; when it is stored. Exceptionally {@link StorageException}
	 */
	CompletionStage<Map<Position, Integer>> removeDamaged(Position from, Position to);

	/**
	 * Deletes the topic, with all that is stored of it; the log is {@linkplain #lost()
	 * lost}. Who opens the topic again has a new one, which begins behind this one: no
	 * position of the deleted topic is ever one of an entry of the new one.
	 * @return completes when it is deleted; exceptionally {@link StorageException}
	 */
	CompletionStage<Void> delete();

	/**
	 * Stores the epochs of a producer.
	 * @param producer its name
	 * @param epochs the epochs, none lower than what is stored
	 * @return completes when they are as durable as an entry; exceptionally
	 * {@link StorageException}
	 */
	CompletionStage<Void> storeEpochs(String producer, Epochs epochs);

	/**
	 * Forgets what producers have stored: whoever uses such a name later is new.
	 * @param names the names
	 * @return completes when it is stored; exceptionally {@link StorageException}
	 */
	CompletionStage<Void> forgetProducers(Set<String> names);

	/**
	 * The messages that are to come into the log later.
	 * @return their store, for the topic's writer
	 */
	ScheduleStore schedule();

	/**
	 * What the topic's subscriptions have acknowledged.
	 * @return the store
	 */
	CursorStore cursors();

	/**
	 * Gives the log up, so that it takes no memory. What was asked before still has its
	 * outcome; what is asked later is refused. Harmless when closed.
	 */
	@Override
	void close();

	/**
	 * An entry as far as it matters for recognising duplicates.
	 *
	 * @param firstSequence the sequence id of its first message
	 * @param count how many messages it has
	 * @param position where it stands
	 */
	record StoredBatch(long firstSequence, int count, Position position) {
	}

}
