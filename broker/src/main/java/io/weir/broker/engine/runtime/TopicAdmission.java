package io.weir.broker.engine.runtime;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.weir.broker.engine.LocalSession;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.message.Topic;
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

	private final PolicyDefaults defaults;

	private final Budget topics;

	private final Budget perAddress;

	/**
	 * Creates it.
	 * @param defaults says which topics are made by whoever uses them
	 * @param clock tells the time, in milliseconds since 1970
	 */
	TopicAdmission(Budgets budgets, PolicyDefaults defaults, LongSupplier clock) {
		this.defaults = defaults;
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
	 * @param topic the topic
	 * @param origin whose clients count as one; the broker itself makes any topic
	 * @throws ProtocolException {@link ErrorCode#LIMIT_EXCEEDED} if there are too many,
	 * {@link ErrorCode#NOT_FOUND} if clients do not make such topics
	 */
	void admit(Topic topic, Object origin) {
		if (!origin.equals(LocalSession.class) && !this.defaults.autoCreate(topic.name())) {
			throw new ProtocolException(ErrorCode.NOT_FOUND, "There is no topic '" + topic
					+ "', and weir.broker.topic-defaults says that clients must not create it (auto-create)");
		}
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
				what + " and may not have more; the limit is " + limit.property());
	}

	/** A topic could not be opened. */
	void giveBack() {
		this.topics.giveBack(1);
	}

}
