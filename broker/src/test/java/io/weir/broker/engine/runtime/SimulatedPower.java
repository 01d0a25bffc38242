package io.weir.broker.engine.runtime;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Storing;

/**
 * Power that fails now and then. What was written since some moment is lost with it, of
 * all topics, if nothing was synced since: so it fails before anything is, or when some
 * more was written.
 */
final class SimulatedPower {

	private static final int MOST_LOST = 60;

	private final Simulation simulation;

	private final SimulatedDisk disk;

	/** What makes everything as it was at the moment, if the power is to fail. */
	private @Nullable Runnable back;

	private int left;

	private int most;

	private boolean failed;

	SimulatedPower(Simulation simulation, SimulatedDisk disk) {
		this.simulation = simulation;
		this.disk = disk;
	}

	/** What is written from now on is to be lost. */
	void threaten() {
		this.left = this.disk.size();
		this.most = this.simulation.random().nextInt(MOST_LOST) + 1;
		this.back = this.simulation.checkpoint();
	}

	/** It does not fail any more. */
	void stay() {
		this.back = null;
		this.failed = false;
	}

	/** Whether it fails before an effect can be carried out. */
	boolean failsBefore(Storing effect) {
		if (this.back != null && !this.disk.mayBeCutTo(this.left)) {
			stay();
		}
		this.failed |= this.back != null && (this.disk.isSynced(effect) || this.disk.size() >= this.left + this.most);
		return this.failed;
	}

	boolean hasFailed() {
		return this.failed;
	}

	/**
	 * Makes everything as it was at the moment, before the broker is started; unless
	 * something was synced at the last moment.
	 */
	void lose() {
		Runnable back = this.back;
		stay();
		if (back != null && this.disk.mayBeCutTo(this.left)) {
			this.disk.cutTo(this.left);
			back.run();
		}
	}

}
