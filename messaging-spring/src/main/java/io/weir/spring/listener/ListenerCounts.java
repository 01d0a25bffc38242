package io.weir.spring.listener;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** What became of the messages of a listener. */
final class ListenerCounts {

	/** By the listener's topics, as they are configured; never changes. */
	private final Map<String, TopicCounts> topics = new LinkedHashMap<>();

	volatile @Nullable Throwable lastFailure;

	/** Of names of types that nobody takes. */
	final ToldOnce unknownTypes = new ToldOnce();

	final FailureLog failures = new FailureLog();

	ListenerCounts(Collection<String> topics) {
		topics.forEach((topic) -> this.topics.put(topic, new TopicCounts()));
	}

	Map<String, TopicCounts> topics() {
		return this.topics;
	}

	/**
	 * The counts of a topic.
	 * @param topic what a consumer is of: one of the listener's topics, or the pattern of
	 * another listener of the subscription, whose messages count with the first topic
	 */
	TopicCounts of(String topic) {
		TopicCounts counts = this.topics.get(topic);
		return (counts != null) ? counts : this.topics.values().iterator().next();
	}

	long sum(Function<TopicCounts, LongAdder> count) {
		return this.topics.values().stream().map(count).mapToLong(LongAdder::sum).sum();
	}

}
