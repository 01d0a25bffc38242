package io.weir.transport.stream;

/**
 * Whether a stream is to be read, as far as its handler and its output say. Of one event
 * loop, but for {@link #prioritise()}.
 */
final class ReadingState {

	/** Whether the handler wants frames. */
	private boolean wanted = true;

	/** Whether the handler has wanted none since the last look. */
	private boolean heldBack;

	/** Read though the connection is held back. */
	private volatile boolean prioritised;

	void want(boolean reading) {
		this.wanted = reading;
		this.heldBack |= !reading;
	}

	void prioritise() {
		this.prioritised = true;
	}

	boolean isToBeRead(boolean streamHeld, boolean connectionHeld) {
		return this.wanted && !streamHeld && (this.prioritised || !connectionHeld);
	}

	/** Looks whether the handler has wanted nothing at any time since the last look. */
	boolean wasHeldBack() {
		boolean was = this.heldBack;
		this.heldBack = !this.wanted;
		return was;
	}

}
