package io.weir.pool;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listener, if there is one, and keeps what it throws from the pool.
 */
final class GuardedListener {

	private static final Logger logger = LoggerFactory.getLogger(GuardedListener.class);

	private final @Nullable PoolListener listener;

	GuardedListener(@Nullable PoolListener listener) {
		this.listener = listener;
	}

	/** Whether anybody listens, so that it is worth reading the clock. */
	boolean present() {
		return this.listener != null;
	}

	void tell(Consumer<PoolListener> event) {
		PoolListener target = this.listener;
		if (target == null) {
			return;
		}
		try {
			event.accept(target);
		}
		catch (Throwable ex) { // a loan or a test must not be lost, whatever is thrown
			logger.warn("A pool listener failed", ex);
		}
	}

}
