package io.weir.client.internal.callback;

import java.util.Collection;
import java.util.concurrent.Executor;

/** Runs the callbacks of an application. */
@FunctionalInterface
public interface Callbacks extends Executor {

	/**
	 * As {@link #execute} with one after the other, at less cost. Each is a callback of
	 * its own: one that waits for those behind it does not keep them from being run.
	 * @param tasks the callbacks, in order
	 */
	default void executeAll(Collection<? extends Runnable> tasks) {
		tasks.forEach(this::execute);
	}

}
