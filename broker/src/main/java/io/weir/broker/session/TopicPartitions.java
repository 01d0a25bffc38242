package io.weir.broker.session;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * How many partitions each topic has, as far as it is known here, and which topics are
 * being given more. Safe to use from any thread.
 */
public final class TopicPartitions {

	/** Of topics with more than one. */
	private final Map<Topic, Known> known = new ConcurrentHashMap<>();

	/** Written while nobody is asking the engine to change subscriptions. */
	private final Set<Topic> raising = ConcurrentHashMap.newKeySet();

	private final ReadWriteLock changing = new ReentrantReadWriteLock();

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

	/**
	 * A topic is being given partitions, which are to have the subscriptions that it has
	 * now: no client makes or removes one until {@link #raised}.
	 * @param topic the topic; whoever has {@linkplain #changeSubscriptions begun} to
	 * change its subscriptions has asked the engine for it when this returns
	 */
	public void raising(Topic topic) {
		this.changing.writeLock().lock();
		try {
			this.raising.add(topic);
		}
		finally {
			this.changing.writeLock().unlock();
		}
	}

	/**
	 * The topic has its partitions, and they are {@linkplain #learn known}; or it has
	 * none.
	 * @param topic the topic
	 */
	public void raised(Topic topic) {
		this.raising.remove(topic);
	}

	/**
	 * Makes or removes a subscription.
	 * @param topic the topic, or a partition
	 * @param asking asks the engine for it, without waiting
	 * @throws ProtocolException {@link ErrorCode#TOPIC_BUSY} if the topic is being given
	 * partitions
	 */
	void changeSubscriptions(Topic topic, Runnable asking) {
		this.changing.readLock().lock();
		try {
			if (this.raising.contains(topic.whole())) {
				throw new ProtocolException(ErrorCode.TOPIC_BUSY,
						"Topic '" + topic.whole() + "' is being given partitions; try again");
			}
			asking.run();
		}
		finally {
			this.changing.readLock().unlock();
		}
	}

	/** Tells of changes from now on, on the thread of who says them. */
	void onChange(Consumer<Topic> listener) {
		this.listeners.add(listener);
	}

	private record Known(int count, long version) {
	}

}
