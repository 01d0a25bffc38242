package io.weir.spring.autoconfigure.broker;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;

import io.weir.broker.Broker;
import io.weir.broker.TopicStats;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Shows what goes on in the broker's topics, and has them deleted.
 */
@Endpoint(id = "weirtopics")
public final class WeirTopicsEndpoint {

	private static final int DEFAULT_LIMIT = 100;

	private static final int MAX_LIMIT = 1000;

	private final Broker broker;

	WeirTopicsEndpoint(Broker broker) {
		this.broker = broker;
	}

	/**
	 * The topics that are open, a page at a time.
	 * @param prefix how their names begin; all, if not given
	 * @param after the name after which the page begins; the first page, if not given
	 * @param limit how many at most, from 1 to 1000; 100 if not given
	 * @param partitions whether each partition is shown with its topic, or only the sums
	 * are, as if not given
	 * @return ordered by name
	 */
	@ReadOperation
	public Topics topics(@Nullable String prefix, @Nullable String after, @Nullable Integer limit,
			@Nullable Boolean partitions) {
		int size = (limit != null) ? limit : DEFAULT_LIMIT;
		if (size < 1 || size > MAX_LIMIT) {
			throw EndpointRequest.refused("The limit must be from 1 to " + MAX_LIMIT + ", was " + size);
		}
		List<TopicStats> page = this.broker.topics((prefix != null) ? prefix : "", (after != null) ? after : "", size);
		List<TopicStats> shown = Boolean.TRUE.equals(partitions) ? page
				: page.stream().map(TopicStats::withoutPartitionStats).toList();
		return new Topics(shown, (page.size() == size) ? page.get(size - 1).name() : null, this.broker.damagedTopics());
	}

	/**
	 * One topic with its partitions, or one partition: what goes on there, and what
	 * counts for it.
	 * @param name its name, which may contain slashes
	 * @return the topic, or {@code null} if there is none of this name
	 */
	@ReadOperation
	public @Nullable DescribedTopic topic(@Selector(match = Match.ALL_REMAINING) String... name) {
		try {
			String topic = String.join("/", name);
			return this.broker.topic(topic).flatMap((stats) -> described(topic, stats)).orElse(null);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/** What goes on is shown, too, if the store does not say what counts. */
	private Optional<DescribedTopic> described(String topic, TopicStats stats) {
		try {
			return Optional.of(DescribedTopic.of(stats, this.broker.describeTopic(topic), null));
		}
		catch (ProtocolException ex) {
			return (ex.code() == ErrorCode.NOT_FOUND) ? Optional.empty()
					: Optional.of(DescribedTopic.of(stats, null, String.valueOf(ex.getMessage())));
		}
	}

	/**
	 * Deletes a topic with all its partitions, for good.
	 * @param force whether it is deleted though it has producers or consumers; not, if
	 * not given
	 * @param name its name, which may contain slashes
	 */
	@DeleteOperation
	public void delete(@Nullable Boolean force, @Selector(match = Match.ALL_REMAINING) String... name) {
		EndpointRequest.carryOut(() -> {
			this.broker.deleteTopic(String.join("/", name), Boolean.TRUE.equals(force));
			return name;
		});
	}

	/**
	 * A page of topics.
	 *
	 * @param topics ordered by name
	 * @param next what to ask for as {@code after} to get the next page, or {@code null}
	 * if this is the last
	 * @param damaged what is wrong, by name, with topics of which something cannot be
	 * read
	 */
	public record Topics(List<TopicStats> topics, @Nullable String next, Map<String, String> damaged) {
	}

}
