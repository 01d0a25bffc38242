package io.weir.broker.session;

import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** How many of something a connection may have. */
final class ConnectionRoom {

	private ConnectionRoom() {
	}

	/**
	 * Checks that there may be one more.
	 * @param present how many there are
	 * @param isOneOfThem whether it is there already
	 * @throws ProtocolException {@link ErrorCode#LIMIT_EXCEEDED} if not
	 */
	static void check(Budgets budgets, BrokerLimit limit, String what, int present, boolean isOneOfThem) {
		Budget budget = budgets.of(limit);
		if (present >= budget.limit() && !isOneOfThem) {
			budget.countRefusal();
			throw new ProtocolException(ErrorCode.LIMIT_EXCEEDED, "This connection has " + present + " " + what
					+ " and may not have more; the limit is " + limit.property());
		}
	}

}
