package io.weir.broker.store.rocksdb;

/**
 * Waits for what must be waited for, and keeps an interrupt for the caller: storage that
 * is left half closed would crash the JVM.
 */
final class Uninterruptibly {

	private Uninterruptibly() {
	}

	static void run(Action action) {
		call(() -> {
			action.run();
			return true;
		});
	}

	static <T> T call(Call<T> call) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return call.call();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** Waits. */
	@FunctionalInterface
	interface Action {

		void run() throws InterruptedException;

	}

	/** Waits for a value. */
	@FunctionalInterface
	interface Call<T> {

		T call() throws InterruptedException;

	}

}
