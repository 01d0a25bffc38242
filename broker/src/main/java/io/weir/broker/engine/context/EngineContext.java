package io.weir.broker.engine.context;

import io.weir.broker.engine.EngineFigures;
import io.weir.wire.Budgets;

/**
 * What the topics of an engine share.
 *
 * @param budgets bounds what clients can take
 * @param figures counts what goes on
 */
public record EngineContext(Budgets budgets, EngineFigures figures) {

	/** One of its own, without limits. */
	public static EngineContext unlimited() {
		return new EngineContext(Budgets.unlimited(), new EngineFigures());
	}

}
