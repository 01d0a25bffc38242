package io.weir.broker;

import java.util.concurrent.CountDownLatch;

/**
 * Keeps the JVM alive while a broker runs, as servers do. All other threads of a broker
 * are daemons, so that this one alone decides, whatever the store.
 */
final class KeepAlive implements AutoCloseable {

	private final CountDownLatch closed = new CountDownLatch(1);

	/** Begins at once. */
	KeepAlive(String threadName) {
		Thread thread = new Thread(this::await, threadName);
		thread.setDaemon(false);
		thread.start();
	}

	private void await() {
		boolean over = false;
		while (!over) {
			try {
				this.closed.await();
				over = true;
			}
			catch (InterruptedException ex) {
				// Only closing the broker lets the JVM end.
			}
		}
	}

	@Override
	public void close() {
		this.closed.countDown();
	}

}
