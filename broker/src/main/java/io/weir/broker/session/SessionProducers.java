package io.weir.broker.session;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;

/**
 * The producers of a session, by the numbers that their client gave them. Changed on the
 * connection's event loop, read on any thread.
 */
final class SessionProducers {

	private final Map<Long, Route> routes = new ConcurrentHashMap<>();

	@Nullable Route find(long id) {
		return this.routes.get(id);
	}

	int size() {
		return this.routes.size();
	}

	Set<Long> ids() {
		return this.routes.keySet();
	}

	void put(long id, Route route) {
		this.routes.put(id, route);
	}

	@Nullable Route remove(long id) {
		return this.routes.remove(id);
	}

	/** The producers of a topic. */
	List<Long> idsOf(Topic topic) {
		return this.routes.entrySet()
			.stream()
			.filter((each) -> each.getValue().topic().equals(topic))
			.map(Map.Entry::getKey)
			.toList();
	}

	/** Where the producers of a topic were opened. */
	Stream<Long> streamsOf(Topic topic) {
		return this.routes.values().stream().filter((route) -> route.topic().equals(topic)).map(Route::stream);
	}

	/**
	 * Where a producer is. It can do without the stream, which may end before it.
	 *
	 * @param topic its topic
	 * @param stream on which it was opened
	 */
	record Route(Topic topic, long stream) {
	}

}
