package io.weir.broker.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Bounds how many topics there are, and how many new ones each session makes. Safe to use
 * from any thread.
 */
final class TopicAdmission {

	private final Map<Long, Integer> newTopics = new ConcurrentHashMap<>();

	private final Budget topics;

	private final Budget perSession;

	TopicAdmission(Budgets budgets) {
		this.topics = budgets.of(BrokerLimit.TOPICS);
		this.perSession = budgets.of(BrokerLimit.NEW_TOPICS_PER_CONNECTION);
	}

	/** A topic that is stored cannot be refused. */
	void admitStored() {
		this.topics.take(1);
	}

	/**
	 * Admits a new topic.
	 * @throws ProtocolException {@link ErrorCode#LIMIT_EXCEEDED} if there are too many
	 */
	void admit(long session) {
		if (this.newTopics.getOrDefault(session, 0) >= this.perSession.limit()) {
			this.perSession.countRefusal();
			throw refusal("This connection has made " + this.perSession.limit() + " new topics",
					BrokerLimit.NEW_TOPICS_PER_CONNECTION);
		}
		if (!this.topics.tryTake(1)) {
			throw refusal("The broker has " + this.topics.limit() + " topics", BrokerLimit.TOPICS);
		}
		this.newTopics.merge(session, 1, Integer::sum);
	}

	private static ProtocolException refusal(String what, BrokerLimit limit) {
		return new ProtocolException(ErrorCode.LIMIT_EXCEEDED,
				what + " and may not have more; the limit is weir.broker.limits." + limit.key());
	}

	/** A topic could not be opened. */
	void giveBack() {
		this.topics.giveBack(1);
	}

	void sessionEnded(long session) {
		this.newTopics.remove(session);
	}

}
