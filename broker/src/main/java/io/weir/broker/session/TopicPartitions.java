package io.weir.broker.session;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.weir.message.Topic;

/**
 * How many partitions each topic has, as far as it is known here. Safe to use from any
 * thread.
 */
public final class TopicPartitions {

	/** Of topics with more than one. */
	private final Map<Topic, Known> known = new ConcurrentHashMap<>();

	private final List<Consumer<Topic>> listeners = new CopyOnWriteArrayList<>();

	/**
	 * How many partitions a topic has.
	 * @param topic the topic
	 * @return from 1; 1 also if there is no such topic, or it is a partition itself
	 */
	public int count(Topic topic) {
		Known number = this.known.get(topic);
		return (number != null) ? number.count() : 1;
	}

	/**
	 * Says how many partitions a topic has.
	 * @param topic the topic
	 * @param count how many, from 1
	 * @param version which of two is the later one; an earlier one changes nothing
	 */
	public void learn(Topic topic, int count, long version) {
		if (isNew(topic, new Known(count, version))) {
			this.listeners.forEach((listener) -> listener.accept(topic));
		}
	}

	private synchronized boolean isNew(Topic topic, Known learned) {
		Known present = this.known.get(topic);
		boolean isNew = present == null || present.version() < learned.version();
		if (isNew) {
			this.known.put(topic, learned);
		}
		return isNew;
	}

	/** Tells of changes from now on, on the thread of who says them. */
	void onChange(Consumer<Topic> listener) {
		this.listeners.add(listener);
	}

	private record Known(int count, long version) {
	}

}
