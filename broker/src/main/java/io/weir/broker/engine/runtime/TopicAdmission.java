package io.weir.broker.engine.runtime;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Bounds how many topics there are, and how many new ones clients of each origin make in
 * an hour, on however many connections. Safe to use from any thread.
 */
final class TopicAdmission {

	private static final long HOUR = TimeUnit.HOURS.toMillis(1);

	private final Allowances newTopics;

	private final Budget topics;

	private final Budget perAddress;

	/**
	 * Creates it.
	 * @param clock tells the time, in milliseconds since 1970
	 */
	TopicAdmission(Budgets budgets, LongSupplier clock) {
		this.topics = budgets.of(BrokerLimit.TOPICS);
		this.perAddress = budgets.of(BrokerLimit.NEW_TOPICS_PER_ADDRESS);
		this.newTopics = new Allowances(this.perAddress.limit(), HOUR, clock);
	}

	/** A topic that is stored cannot be refused. */
	void admitStored() {
		this.topics.take(1);
	}

	/**
	 * Admits a new topic.
	 * @param origin whose clients count as one
	 * @throws ProtocolException {@link ErrorCode#LIMIT_EXCEEDED} if there are too many
	 */
	void admit(Object origin) {
		if (!this.topics.tryTake(1)) {
			throw refusal("The broker has " + this.topics.limit() + " topics", BrokerLimit.TOPICS);
		}
		if (!this.newTopics.tryTake(origin)) {
			this.topics.giveBack(1);
			this.perAddress.countRefusal();
			throw refusal("Clients of this address have made " + this.perAddress.limit() + " new topics in an hour",
					BrokerLimit.NEW_TOPICS_PER_ADDRESS);
		}
	}

	private static ProtocolException refusal(String what, BrokerLimit limit) {
		return new ProtocolException(ErrorCode.LIMIT_EXCEEDED,
				what + " and may not have more; the limit is weir.broker.limits." + limit.key());
	}

	/** A topic could not be opened. */
	void giveBack() {
		this.topics.giveBack(1);
	}

}
