package io.weir.broker.engine.context;

import io.weir.broker.engine.EngineFigures;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;

/**
 * What the topics of an engine share.
 *
 * @param budgets bounds what clients can take
 * @param figures counts what goes on
 * @param compactions how many topics may search their logs for what need not be kept at a
 * time: that takes memory
 */
public record EngineContext(Budgets budgets, EngineFigures figures, Budget compactions) {

	/** Of one engine. */
	public EngineContext(Budgets budgets, EngineFigures figures) {
		this(budgets, figures, new Budget(1));
	}

	/** One of its own, without limits. */
	public static EngineContext unlimited() {
		return new EngineContext(Budgets.unlimited(), new EngineFigures());
	}

}
