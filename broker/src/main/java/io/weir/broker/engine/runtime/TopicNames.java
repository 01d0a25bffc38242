package io.weir.broker.engine.runtime;

import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

import io.weir.message.Topic;

/**
 * The topics that exist, whether or not open, in the order of their names. A topic's
 * partitions come right behind it, since no application's name has what is before their
 * number. Safe to use from any thread.
 */
final class TopicNames {

	private final NavigableSet<String> names = new ConcurrentSkipListSet<>();

	/**
	 * Adds a topic.
	 * @return whether it was not there
	 */
	boolean add(Topic topic) {
		return this.names.add(topic.name());
	}

	void remove(Topic topic) {
		this.names.remove(topic.name());
	}

	boolean contains(Topic topic) {
		return this.names.contains(topic.name());
	}

	/** All of them, partitions included. */
	Stream<Topic> all() {
		return this.names.stream().map(Topic::new);
	}

	/** Those after a name, of those that begin with a prefix, partitions included. */
	Stream<String> after(String prefix, String after) {
		String from = (after.compareTo(prefix) < 0) ? prefix : after;
		return this.names.tailSet(from, !from.equals(after)).stream().takeWhile((name) -> name.startsWith(prefix));
	}

	/** As {@link #after}, without partitions: the topics that applications know. */
	Stream<Topic> wholeAfter(String prefix, String after) {
		return after(prefix, after).map((name) -> new Topic(name).whole())
			.distinct()
			.filter((topic) -> topic.name().compareTo(after) > 0);
	}

	/** A topic and its other partitions, or only the partition that it is. */
	Stream<Topic> partitions(Topic topic) {
		return Stream.concat(Stream.of(topic).filter(this::contains),
				(topic.partition() > 0) ? Stream.empty() : after(topic.name() + Topic.SEPARATOR, "").map(Topic::new));
	}

}
