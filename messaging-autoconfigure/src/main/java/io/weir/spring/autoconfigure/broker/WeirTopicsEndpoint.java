package io.weir.spring.autoconfigure.broker;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;

import io.weir.broker.Broker;
import io.weir.broker.TopicStats;

/**
 * Shows what goes on in the broker's topics.
 */
@Endpoint(id = "weirtopics")
public final class WeirTopicsEndpoint {

	private final Broker broker;

	WeirTopicsEndpoint(Broker broker) {
		this.broker = broker;
	}

	/**
	 * All topics that are open.
	 * @return ordered by name
	 */
	@ReadOperation
	public Topics topics() {
		return new Topics(this.broker.topics(), this.broker.damagedTopics());
	}

	/**
	 * One topic.
	 * @param name its name, which may contain slashes
	 * @return the topic, or {@code null} if there is none of this name
	 */
	@ReadOperation
	public @Nullable TopicStats topic(@Selector(match = Match.ALL_REMAINING) String... name) {
		String topic = String.join("/", name);
		return this.broker.topics().stream().filter((stats) -> stats.name().equals(topic)).findFirst().orElse(null);
	}

	/**
	 * The answer for all topics.
	 *
	 * @param topics ordered by name
	 * @param damaged what is wrong, by name, with topics of which something cannot be read
	 */
	public record Topics(List<TopicStats> topics, Map<String, String> damaged) {
	}

}
