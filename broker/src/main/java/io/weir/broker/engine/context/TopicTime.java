package io.weir.broker.engine.context;

import java.util.function.Consumer;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;

/**
 * What time it is for a topic, and when it wants to be woken. All parts of the topic
 * share one wake-up: each asks for what it needs, and with each {@link Command.Tick} it
 * looks at the time and asks again. So a tick may come although a part has nothing to do.
 */
public final class TopicTime {

	private final Consumer<Effect> out;

	private long now;

	private long steady;

	/** When the next tick comes at the latest. */
	private long wakeAt = Long.MAX_VALUE;

	public TopicTime(Consumer<Effect> out) {
		this.out = out;
	}

	/** When the present command is handled, in milliseconds since 1970. */
	public long now() {
		return this.now;
	}

	/** When the next tick is wanted. */
	public long wakeAt() {
		return this.wakeAt;
	}

	/** Asks for a tick at a time, or earlier; never at {@link Long#MAX_VALUE}. */
	public void wakeAt(long time) {
		if (time < this.wakeAt) {
			this.wakeAt = time;
			this.out.accept(new Effect.WakeAt(time));
		}
	}

	/**
	 * What time it is by a clock that nobody sets, in milliseconds since some time: for
	 * how long something has lasted.
	 */
	public long steady() {
		return this.steady;
	}

	/**
	 * Asks for a tick when a time has come by {@link #steady()}; it comes late if the
	 * clock is set back meanwhile, and early, to be asked for again, if it is set
	 * forward.
	 */
	public void wakeAtSteady(long time) {
		long left = time - this.steady;
		wakeAt((left < Long.MAX_VALUE - this.now) ? this.now + left : Long.MAX_VALUE);
	}

	/** A command comes. */
	public void set(long now, long steady) {
		this.now = now;
		this.steady = steady;
	}

	/** A tick has come: whoever still waits for a time asks again. */
	public void ticked() {
		this.wakeAt = Long.MAX_VALUE;
	}

}
