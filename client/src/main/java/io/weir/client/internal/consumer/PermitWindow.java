package io.weir.client.internal.consumer;

/**
 * How many messages the broker may send ahead: as many as there are places for in the
 * queue, and as many as the byte budget has room for if they are as large as those that
 * came lately. That size is a peak that falls by a sixteenth with each smaller message.
 * It begins with the largest message that there can be, so that a queue of large messages
 * does not have to overflow first, and falls by halves until it has found the real size,
 * since until then each message costs a round trip. Guarded by the lock of its
 * {@link Inbox}.
 */
final class PermitWindow {

	private static final int DECAY = 16;

	private static final int FIRST_DECAY = 2;

	private final TotalRoom all;

	private int capacity;

	private long budget;

	/** What is held, and takes places. */
	private int messages;

	private long bytes;

	/** Granted and not used. */
	private int outstanding;

	private boolean open;

	private long expectedSize;

	/** Whether the expected size is that of messages that came. */
	private boolean sizeFound;

	/**
	 * Creates a window.
	 * @param capacity how many messages it has places for
	 * @param budget how many bytes
	 * @param all what it has together with others
	 */
	PermitWindow(int capacity, long budget, TotalRoom all) {
		this.capacity = capacity;
		this.budget = budget;
		this.all = all;
		all.add(this);
	}

	/** There is room for so much from now on; what was granted stays granted. */
	void limit(int capacity, long budget) {
		this.capacity = capacity;
		this.budget = budget;
		this.all.shared(this);
	}

	/** How many places are taken, or may be. */
	int places() {
		return this.messages + this.outstanding;
	}

	/** How many bytes are held, or may be. */
	long size() {
		return this.bytes + this.outstanding * this.expectedSize;
	}

	/** Whether more than there is room for is held, or may be. */
	boolean isOverdrawn() {
		return places() > this.capacity || size() > this.budget;
	}

	/** The broker begins to count anew. */
	void open(int largestMessage) {
		if (this.expectedSize == 0) {
			this.expectedSize = largestMessage;
		}
		reopen();
	}

	/** As {@link #open(int)}, in the same session. */
	void reopen() {
		this.open = true;
		this.outstanding = 0;
	}

	/** Nobody can be granted anything. */
	void shut() {
		this.open = false;
		this.outstanding = 0;
	}

	/** Nothing will come any more, and nothing is held. */
	void end() {
		shut();
		this.all.remove(this);
	}

	/**
	 * Not below zero: what was sent before the broker began to count anew costs nothing.
	 */
	void used(int permits) {
		this.outstanding = Math.max(0, this.outstanding - permits);
	}

	void enter(int size) {
		this.messages++;
		this.bytes += size;
		long less = this.expectedSize - this.expectedSize / (this.sizeFound ? DECAY : FIRST_DECAY);
		this.sizeFound |= size >= less;
		this.expectedSize = Math.max(Math.max(size, 1), less);
	}

	/** It came back: that says nothing about what is to come. */
	void reenter(int size) {
		this.messages++;
		this.bytes += size;
	}

	void leave(int size) {
		this.messages--;
		this.bytes -= size;
	}

	/** How many permits are owed, if so many that granting them is worth a frame. */
	int owed() {
		if (!this.open) {
			return 0;
		}
		int capacity = this.all.capacity(this, this.capacity);
		long budget = this.all.budget(this, this.budget);
		long owed = room(capacity, budget) - this.outstanding;
		return (owed >= (window(capacity, budget) + 1) / 2) ? (int) owed : 0;
	}

	void granted(int permits) {
		this.outstanding += permits;
	}

	/** Below zero if more came than there was room for. */
	private long room(int capacity, long budget) {
		long room = Math.min(capacity - this.messages, (budget - this.bytes) / this.expectedSize);
		// One that is larger than the budget must come as well.
		return (this.messages == 0) ? Math.max(1, room) : room;
	}

	private long window(int capacity, long budget) {
		return Math.max(1, Math.min(capacity, budget / this.expectedSize));
	}

}
