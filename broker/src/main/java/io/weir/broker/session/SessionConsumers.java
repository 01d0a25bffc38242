package io.weir.broker.session;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * The consumers of a session, by the numbers that their client gave them: no more than
 * one session may have, nor more than all. Of the connection's event loop.
 */
final class SessionConsumers {

	private final Map<Long, Route> routes = new HashMap<>();

	private final Budget ofConnection;

	private final Budget ofAll;

	private boolean ended;

	SessionConsumers(Budgets budgets) {
		this.ofConnection = budgets.of(BrokerLimit.CONSUMERS_PER_CONNECTION);
		this.ofAll = budgets.of(BrokerLimit.CONSUMERS);
	}

	@Nullable Route find(long id) {
		return this.routes.get(id);
	}

	/**
	 * Makes room for a consumer, if there is none of that number.
	 * @throws ProtocolException {@link ErrorCode#LIMIT_EXCEEDED} if there is no room
	 */
	void admit(long id) {
		if (this.routes.containsKey(id)) {
			return;
		}
		if (this.routes.size() >= this.ofConnection.limit()) {
			this.ofConnection.countRefusal();
			throw refused("This connection has " + this.routes.size() + " consumers and may not have more",
					BrokerLimit.CONSUMERS_PER_CONNECTION);
		}
		if (this.ended || !this.ofAll.tryTake(1)) {
			throw refused("The broker's clients have " + this.ofAll.limit() + " consumers and may not have more",
					BrokerLimit.CONSUMERS);
		}
	}

	private static ProtocolException refused(String reason, BrokerLimit limit) {
		return new ProtocolException(ErrorCode.LIMIT_EXCEEDED,
				reason + "; the limit is weir.broker.limits." + limit.key());
	}

	/** The consumer could not be subscribed. */
	void notAdmitted(long id) {
		if (!this.routes.containsKey(id)) {
			this.ofAll.giveBack(1);
		}
	}

	/** Says where a consumer is that was admitted. */
	void put(long id, Route route) {
		this.routes.put(id, route);
	}

	@Nullable Route remove(long id) {
		Route removed = this.routes.remove(id);
		if (removed != null) {
			this.ofAll.giveBack(1);
		}
		return removed;
	}

	void forEach(BiConsumer<Long, Route> action) {
		this.routes.forEach(action);
	}

	/** Removes those whose deliveries would go on a stream. */
	void removeOf(long stream, BiConsumer<Long, Route> removed) {
		for (Iterator<Map.Entry<Long, Route>> all = this.routes.entrySet().iterator(); all.hasNext();) {
			Map.Entry<Long, Route> consumer = all.next();
			if (consumer.getValue().stream() == stream) {
				all.remove();
				this.ofAll.giveBack(1);
				removed.accept(consumer.getKey(), consumer.getValue());
			}
		}
	}

	/** The session has ended. */
	void end() {
		this.ended = true;
		this.ofAll.giveBack(this.routes.size());
		this.routes.clear();
	}

	/**
	 * Where a consumer is.
	 *
	 * @param topic its topic
	 * @param stream its stream
	 */
	record Route(Topic topic, long stream) {
	}

}
