package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What all inboxes of a consumer have room for together. Each has a share of it, and
 * nobody has to look at the others for as long as all keep to their shares. When more
 * inboxes come, the shares become smaller; what an earlier one has been sent or promised
 * beyond its share is then missing to the others until it has been taken. Guarded by the
 * lock of the {@link Inboxes}, but for {@link #isShort()}.
 */
final class TotalRoom {

	private final int capacity;

	private final long budget;

	private final List<PermitWindow> windows = new ArrayList<>();

	/**
	 * Those with more than their share. Hardly ever any, as is asked for each message.
	 */
	private final List<PermitWindow> overdrawn = new CopyOnWriteArrayList<>();

	TotalRoom(int capacity, long budget) {
		this.capacity = capacity;
		this.budget = budget;
	}

	void add(PermitWindow window) {
		this.windows.add(window);
	}

	/** It holds nothing any more, and is promised nothing. */
	void remove(PermitWindow window) {
		this.windows.remove(window);
		this.overdrawn.remove(window);
	}

	/** A window has another share. */
	void shared(PermitWindow window) {
		if (window.isOverdrawn() && !this.overdrawn.contains(window)) {
			this.overdrawn.add(window);
		}
	}

	/** Whether some may have had to wait for what others have beyond their shares. */
	boolean wasShort() {
		boolean wasShort = isShort();
		this.overdrawn.removeIf((window) -> !window.isOverdrawn());
		return wasShort;
	}

	/** Whether some have more than their share. Needs no lock. */
	boolean isShort() {
		return !this.overdrawn.isEmpty();
	}

	/** How many messages a window has places for now; below zero if others have more. */
	int capacity(PermitWindow asking, int share) {
		if (!isShort()) {
			return share;
		}
		long others = 0;
		for (PermitWindow window : this.windows) {
			others += (window != asking) ? window.places() : 0;
		}
		return (int) Math.max(-1, Math.min(share, this.capacity - others));
	}

	/** The same in bytes. */
	long budget(PermitWindow asking, long share) {
		if (!isShort()) {
			return share;
		}
		long others = 0;
		for (PermitWindow window : this.windows) {
			others += (window != asking) ? window.size() : 0;
		}
		return Math.min(share, this.budget - others);
	}

}
