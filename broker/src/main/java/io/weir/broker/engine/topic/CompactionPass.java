package io.weir.broker.engine.topic;

import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.KeySearch;
import io.weir.wire.Position;

/** One way through a topic's log, page by page. */
final class CompactionPass {

	/** What a page has at most, though it has one entry at least. */
	private static final int PAGE_BYTES = 1 << 20;

	private static final int PAGE_ENTRIES = 1000;

	private final KeySearch search;

	/** How many messages the log had when it began. */
	private final long ordinal;

	private final long began;

	private Position next;

	private boolean reading;

	/** Whether all was looked at, and only what was found has to go. */
	private boolean searched;

	private long notBefore;

	private long messagesRemoved;

	private long bytesRemoved;

	/**
	 * Begins.
	 * @param first the first entry of the log
	 * @param ordinal how many messages the log has
	 * @param now by a clock that nobody sets
	 */
	CompactionPass(KeySearch search, Position first, long ordinal, long now) {
		this.search = search;
		this.next = first;
		this.ordinal = ordinal;
		this.began = now;
		this.notBefore = now;
	}

	KeySearch search() {
		return this.search;
	}

	/** Whether it is for this that something was searched. */
	boolean is(KeySearch search) {
		return this.search == search;
	}

	long ordinal() {
		return this.ordinal;
	}

	long began() {
		return this.began;
	}

	/** Where the next page begins. */
	Position next() {
		return this.next;
	}

	boolean isSearched() {
		return this.searched;
	}

	/** When the next page is to be read; never while one is. */
	long notBefore() {
		return (this.reading || this.searched) ? Long.MAX_VALUE : this.notBefore;
	}

	/** Asks for the next page. */
	Compacting.ReadKeys read() {
		this.reading = true;
		return new Compacting.ReadKeys(this.search, this.next, PAGE_ENTRIES, PAGE_BYTES);
	}

	/** A page was read; the next one has to wait. */
	void read(Compacting.KeysPage page, long notBefore) {
		this.reading = false;
		this.next = page.next();
		this.searched = page.last();
		this.notBefore = notBefore;
	}

	/** Goes through what is left once more. */
	void again(Position first, long notBefore) {
		this.search.again();
		this.next = first;
		this.searched = false;
		this.notBefore = notBefore;
	}

	void removed(long messages, long bytes) {
		this.messagesRemoved += messages;
		this.bytesRemoved += bytes;
	}

	long messagesRemoved() {
		return this.messagesRemoved;
	}

	long bytesRemoved() {
		return this.bytesRemoved;
	}

}
