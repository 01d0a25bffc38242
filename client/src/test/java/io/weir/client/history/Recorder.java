package io.weir.client.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import io.weir.client.Consumer;
import io.weir.client.Ordering;
import io.weir.client.Producer;
import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;

/** Writes a history down. Safe to use from any thread. */
final class Recorder {

	private static final int EXAMPLES = 10;

	private final List<Event> events = new ArrayList<>();

	private final List<Throwable> failures = new ArrayList<>();

	private final Map<String, Set<MessageId>> settled = new HashMap<>();

	private int confirmed;

	synchronized void add(Event event) {
		this.events.add(event);
		if (event instanceof Event.Confirmed) {
			this.confirmed++;
		}
	}

	/** Something happened that needs no checker to be wrong. */
	synchronized void failed(Throwable failure) {
		this.failures.add(failure);
	}

	synchronized List<Throwable> failures() {
		return List.copyOf(this.failures);
	}

	synchronized List<Event> events() {
		return List.copyOf(this.events);
	}

	synchronized int confirmed() {
		return this.confirmed;
	}

	/**
	 * The messages that were sent and will come to no consumer of a subscription again,
	 * as far as is known: their acknowledgement is confirmed, or nobody can tell.
	 */
	synchronized Set<MessageId> settled(String subscription) {
		return Set.copyOf(this.settled.getOrDefault(subscription, Set.of()));
	}

	/** What happened to the messages of a subscription that are not settled, in short. */
	synchronized String unsettled(String subscription) {
		Set<MessageId> settled = settled(subscription);
		Map<MessageId, Event.Sent> missing = new TreeMap<>();
		this.events.forEach((event) -> {
			if (event instanceof Event.Confirmed confirmation && !settled.contains(confirmation.id())) {
				missing.put(confirmation.id(), confirmation.message());
			}
		});
		List<String> examples = missing.entrySet()
			.stream()
			.limit(EXAMPLES)
			.map((entry) -> entry.getValue() + " at " + entry.getKey() + " " + fate(subscription, entry.getKey()))
			.toList();
		return missing.size() + " messages of " + subscription + ": " + String.join(", ", examples);
	}

	private List<String> fate(String subscription, MessageId id) {
		List<String> fate = new ArrayList<>();
		for (Event event : this.events) {
			if (event instanceof Event.Received got && got.subscription().equals(subscription) && got.id().equals(id)) {
				fate.add("received by " + got.consumer());
			}
			else if (event instanceof Event.GivenBack back && back.id().equals(id)) {
				fate.add("given back by " + back.consumer());
			}
		}
		return fate;
	}

	/** Sends a message that says what it is. */
	void send(Producer<String> producer, Event.Sent message, String padding, Runnable then) {
		add(new Event.Sending(message));
		producer.message(message.producer() + " " + message.ordering() + " " + message.number() + " " + padding)
			.key(message.key())
			.sendAsync()
			.whenComplete((id, failure) -> {
				if (failure != null) {
					failed(failure);
				}
				else {
					add(new Event.Confirmed(message, id));
				}
				then.run();
			});
	}

	/** What a received message says that it is. */
	static Event.Sent read(Message<String> message) {
		String[] parts = message.value().split(" ", 4);
		return new Event.Sent(parts[0], Ordering.valueOf(parts[1]), Objects.requireNonNull(message.key()),
				Integer.parseInt(parts[2]));
	}

	void stored(Message<String> message) {
		add(new Event.Stored(read(message), message.id()));
	}

	/** Acknowledges a message, and writes down what comes of it. */
	void acknowledge(Consumer<?> consumer, MessageId id) {
		String subscription = consumer.subscription();
		consumer.acknowledgeAsync(id).whenComplete((stored, failure) -> {
			if (failure == null) {
				settle(subscription, id, new Event.Acknowledged(subscription, id));
			}
			else if (failure instanceof WeirException ex && ex.code() == ErrorCode.CLOSED) {
				settle(subscription, id, new Event.Unresolved(subscription, id));
			}
			else {
				failed(failure);
			}
		});
	}

	private synchronized void settle(String subscription, MessageId id, Event event) {
		this.events.add(event);
		this.settled.computeIfAbsent(subscription, (key) -> new HashSet<>()).add(id);
	}

}
