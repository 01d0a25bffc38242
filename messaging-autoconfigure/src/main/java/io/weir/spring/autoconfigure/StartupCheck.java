package io.weir.spring.autoconfigure;

import org.springframework.context.SmartLifecycle;

/**
 * May keep an application from starting. A lifecycle, so that it waits and looks only
 * when all beans are there, and before listeners start.
 */
abstract class StartupCheck implements SmartLifecycle {

	private volatile boolean running;

	/** Throws what is wrong. */
	abstract void check();

	@Override
	public final void start() {
		check();
		this.running = true;
	}

	@Override
	public final void stop() {
		this.running = false;
	}

	@Override
	public final boolean isRunning() {
		return this.running;
	}

	@Override
	public final int getPhase() {
		return Integer.MIN_VALUE / 2;
	}

}
