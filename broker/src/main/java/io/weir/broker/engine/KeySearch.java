package io.weir.broker.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Compacting.KeysPage;
import io.weir.broker.engine.LatestKeys.Holder;
import io.weir.broker.store.Entry;
import io.weir.wire.Position;

/**
 * Goes through a log, up to an entry, and finds the entries of which each message has a
 * later one with its key. If there are old tombstones it is to go through what is left
 * once more: a tombstone may go only when nothing stays that it hides. For one thread at
 * a time, which tells it of each entry in order: {@link #begin}, one call for each
 * message, {@link #end}.
 */
public final class KeySearch {

	/** So many keys are told apart, which takes some 100 MB. */
	public static final int MAX_KEYS = 1_000_000;

	private final Position upTo;

	private final Position withoutKeyBefore;

	private final long tombstonesBefore;

	private final int maxKeys;

	private final LatestKeys keys = new LatestKeys();

	private List<Superseded> found = new ArrayList<>();

	private @Nullable Holder entry;

	private Position next = Position.BEFORE_FIRST;

	private boolean again;

	/** Whether some entry could not be looked into, which may have anything. */
	private boolean blind;

	private boolean hasOldTombstones;

	private boolean hasTombstones;

	private long keptMessages;

	private long leftOut;

	/** How many bytes the log had up to here since its beginning. */
	private long bytesUpTo;

	private long bytesGone;

	/**
	 * Begins a search.
	 * @param upTo the last entry that counts; it stays
	 * @param withoutKeyBefore before which entry messages without a key need not stay
	 * @param tombstonesBefore before what time tombstones were stored that need not stay,
	 * in milliseconds since 1970
	 * @param maxKeys how many keys are told apart; messages of others stay
	 * @param trimmedBytes how many bytes the log had before its first entry
	 */
	public KeySearch(Position upTo, Position withoutKeyBefore, long tombstonesBefore, int maxKeys, long trimmedBytes) {
		this.upTo = upTo;
		this.withoutKeyBefore = withoutKeyBefore;
		this.tombstonesBefore = tombstonesBefore;
		this.maxKeys = maxKeys;
		this.bytesUpTo = trimmedBytes;
	}

	/**
	 * The next entry comes.
	 * @param read the entry, which stays the caller's
	 * @return whether it counts; if not there is nothing more to tell
	 */
	public boolean begin(Entry read) {
		this.next = read.position().after();
		if (read.position().isAfter(this.upTo)) {
			return false;
		}
		int bytes = read.batch().readableBytes();
		if (!this.again) {
			long before = read.header().before().bytes();
			this.bytesGone += Math.max(0, before - this.bytesUpTo);
			this.bytesUpTo = before + bytes;
			this.keptMessages += read.header().count();
		}
		this.entry = new Holder(read.position(), read.header().publishTime(), read.header().count(), bytes);
		return true;
	}

	/**
	 * A message of the entry has a key.
	 * @param high a half of the hash of its key
	 * @param low the other half
	 * @param tombstone whether it has no payload
	 */
	public void key(long high, long low, boolean tombstone) {
		Holder holder = Objects.requireNonNull(this.entry, "No entry has begun");
		Holder former = this.keys.find(high, low);
		if (this.again) {
			this.keys.hold(high, low, holder.position());
		}
		else if (former == null && this.keys.size() >= this.maxKeys) {
			this.leftOut++;
			holder.keep();
		}
		else {
			this.keys.put(high, low, holder, tombstone);
			if (former != holder) {
				holder.keep();
				letGo(former);
			}
		}
	}

	/** A message of the entry has no key. */
	public void withoutKey() {
		Holder holder = Objects.requireNonNull(this.entry, "No entry has begun");
		if (!this.withoutKeyBefore.isAfter(holder.position())) {
			holder.keep();
		}
	}

	/** The entry cannot be looked into: it stays. */
	public void unreadable() {
		this.blind = true;
		Objects.requireNonNull(this.entry, "No entry has begun").keep();
	}

	/** All of the entry was told. */
	public void end() {
		Holder holder = Objects.requireNonNull(this.entry, "No entry has begun");
		if (!this.again && holder.isEmpty()) {
			found(holder);
		}
		this.entry = null;
	}

	private void letGo(@Nullable Holder former) {
		if (former != null) {
			former.letGo();
			if (former.isEmpty()) {
				found(former);
			}
		}
	}

	private void found(Holder holder) {
		if (holder.position().equals(this.upTo)) {
			return;
		}
		this.found.add(holder.superseded());
		this.keptMessages -= holder.messages();
	}

	/**
	 * A page was told.
	 * @param last whether nothing follows it
	 * @return what came of it
	 */
	public KeysPage page(boolean last) {
		if (last) {
			if (this.again && !this.blind) {
				this.keys.tombstones(this.tombstonesBefore, this::letGo);
			}
			this.hasOldTombstones = !this.blind && this.keys.hasTombstones(this.tombstonesBefore);
			this.hasTombstones = this.keys.hasTombstones(Long.MAX_VALUE);
		}
		List<Superseded> page = this.found;
		this.found = new ArrayList<>();
		return new KeysPage(this.next, last, page);
	}

	/** Whether it is to go through the log once more, when what it found is gone. */
	public boolean goesOn() {
		return this.hasOldTombstones && !this.again;
	}

	/** It goes through the log once more. */
	public void again() {
		this.again = true;
	}

	/** Whether there are tombstones that could not go yet. */
	public boolean leavesTombstones() {
		return this.hasTombstones;
	}

	/** How many messages stay. */
	public long keptMessages() {
		return this.keptMessages;
	}

	/** How many keys there are, as far as they are told apart. */
	public int keys() {
		return this.keys.size();
	}

	/** How many messages stay since there were too many keys. */
	public long leftOut() {
		return this.leftOut;
	}

	/** How many bytes of the log were gone when it was gone through. */
	public long bytesGone() {
		return this.bytesGone;
	}

}
