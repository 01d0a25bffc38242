package io.weir.broker.engine;

import io.weir.wire.Budgets;

/**
 * What the topics of an engine share.
 *
 * @param budgets bounds what clients can take
 * @param figures counts what goes on
 */
record EngineContext(Budgets budgets, EngineFigures figures) {

	/** One of its own, without limits. */
	static EngineContext unlimited() {
		return new EngineContext(Budgets.unlimited(), new EngineFigures());
	}

}
