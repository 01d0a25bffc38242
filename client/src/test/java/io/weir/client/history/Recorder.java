package io.weir.client.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.weir.client.Ordering;
import io.weir.client.Producer;
import io.weir.message.Message;
import io.weir.message.MessageId;

/** Writes a history down. Safe to use from any thread. */
final class Recorder {

	private final List<Event> events = new ArrayList<>();

	private final List<Throwable> failures = new ArrayList<>();

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

	/** How many messages of a subscription have a confirmed acknowledgement. */
	synchronized long acknowledged(String subscription) {
		return this.events.stream()
			.filter((event) -> event instanceof Event.Acknowledged ack && ack.subscription().equals(subscription))
			.distinct()
			.count();
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

	void acknowledged(String subscription, MessageId id) {
		add(new Event.Acknowledged(subscription, id));
	}

}
