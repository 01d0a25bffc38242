package io.weir.broker.engine;

import io.weir.wire.Budgets;

/**
 * What the topics of an engine share.
 *
 * @param format reads batches
 * @param budgets bounds what clients can take
 * @param figures counts what goes on
 */
record EngineContext(BatchFormat format, Budgets budgets, EngineFigures figures) {

	/** One of its own, without limits. */
	static EngineContext of(BatchFormat format) {
		return new EngineContext(format, Budgets.unlimited(), new EngineFigures());
	}

}
