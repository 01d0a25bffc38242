package io.weir.broker.session;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;
import io.weir.transport.FrameStream;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * The consumers of a session, by the numbers that their client gave them, counted with
 * those of all sessions. Changed on the connection's event loop, read on any thread.
 */
final class SessionConsumers {

	private final Map<Long, Route> routes = new ConcurrentHashMap<>();

	private final Budget ofAll;

	SessionConsumers(Budgets budgets) {
		this.ofAll = budgets.of(BrokerLimit.CONSUMERS);
	}

	@Nullable Route find(long id) {
		return this.routes.get(id);
	}

	int size() {
		return this.routes.size();
	}

	/**
	 * Says where a consumer is, which may be a new one.
	 * @throws ProtocolException {@link ErrorCode#LIMIT_EXCEEDED} if all sessions together
	 * may not have one more
	 */
	void put(long id, Route route) {
		if (!this.routes.containsKey(id) && !this.ofAll.tryTake(1)) {
			throw new ProtocolException(ErrorCode.LIMIT_EXCEEDED, "The broker's clients have " + this.ofAll.limit()
					+ " consumers and may not have more; the limit is " + BrokerLimit.CONSUMERS.property());
		}
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

	/** The consumers of a topic. */
	List<Long> idsOf(Topic topic) {
		return this.routes.entrySet()
			.stream()
			.filter((each) -> each.getValue().topic().equals(topic))
			.map(Map.Entry::getKey)
			.toList();
	}

	/** Where the consumers of a topic were subscribed. */
	Stream<Long> streamsOf(Topic topic) {
		return this.routes.values()
			.stream()
			.filter((route) -> route.topic().equals(topic))
			.map((route) -> route.stream().id());
	}

	/** Removes those whose deliveries would go on a stream. */
	void removeOf(FrameStream stream, BiConsumer<Long, Route> removed) {
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
		this.ofAll.giveBack(this.routes.size());
		this.routes.clear();
	}

	/**
	 * Where a consumer is.
	 *
	 * @param topic its topic
	 * @param stream where what it is sent goes, unless the order does not matter
	 */
	record Route(Topic topic, FrameStream stream) {
	}

}
