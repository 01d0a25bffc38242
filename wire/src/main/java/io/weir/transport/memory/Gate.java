package io.weir.transport.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * What lies between a server and its clients: while it is closed nothing goes through, in
 * either direction, and nothing is lost. Safe to use from any thread.
 */
final class Gate {

	/** What waits, in the order in which it came; guarded by this. */
	private final List<Runnable> waiting = new ArrayList<>();

	/** Guarded by this. */
	private boolean closed;

	/**
	 * Does something now, or when the gate is opened.
	 * @param passage hands a task to the other side, and returns at once
	 */
	synchronized void pass(Runnable passage) {
		if (this.closed) {
			this.waiting.add(passage);
		}
		else {
			passage.run();
		}
	}

	synchronized void close() {
		this.closed = true;
	}

	synchronized void open() {
		this.closed = false;
		this.waiting.forEach(Runnable::run);
		this.waiting.clear();
	}

}
