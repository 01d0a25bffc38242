package io.weir.client.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.weir.client.Ordering;
import io.weir.message.MessageId;

/**
 * Holds a history against what docs/guarantees.md promises. Reads it once, from the first
 * event to the last.
 */
final class HistoryChecker {

	private final List<String> violations = new ArrayList<>();

	private final Set<Event.Sent> sent = new HashSet<>();

	private final Map<Event.Sent, MessageId> confirmed = new HashMap<>();

	private final Map<Event.Sent, MessageId> stored = new HashMap<>();

	/** The last number seen, by place of seeing and group. */
	private final Map<String, Integer> last = new HashMap<>();

	private final Map<String, Set<MessageId>> acknowledged = new HashMap<>();

	private final Map<String, Set<MessageId>> received = new HashMap<>();

	private final Map<Integer, ConsumerView> consumers = new HashMap<>();

	private final long memoryBound;

	private HistoryChecker(long memoryBound) {
		this.memoryBound = memoryBound;
	}

	/**
	 * Checks a history.
	 * @param history the events in order, the reading of the whole topic last
	 * @param memoryBound how many bytes of direct memory there may be
	 * @return what was not as promised
	 */
	static List<String> check(List<Event> history, long memoryBound) {
		HistoryChecker checker = new HistoryChecker(memoryBound);
		history.forEach(checker::see);
		checker.end();
		return checker.violations;
	}

	private void see(Event event) {
		if (event instanceof Event.Sending sending) {
			this.sent.add(sending.message());
		}
		else if (event instanceof Event.Confirmed confirmation) {
			this.confirmed.put(confirmation.message(), confirmation.id());
		}
		else if (event instanceof Event.Subscribed subscribed) {
			subscribed(subscribed);
		}
		else if (event instanceof Event.Received reception) {
			received(reception);
		}
		else if (event instanceof Event.GivenBack back) {
			view(back.consumer()).givenBack.add(back.id());
		}
		else if (event instanceof Event.Acknowledged ack) {
			this.acknowledged.computeIfAbsent(ack.subscription(), (key) -> new HashSet<>()).add(ack.id());
		}
		else if (event instanceof Event.Memory memory && memory.bytes() > this.memoryBound) {
			violation("memory: " + memory.bytes() + " bytes of direct memory, allowed are " + this.memoryBound);
		}
		else if (event instanceof Event.Stored entry) {
			stored(entry);
		}
	}

	/** What was acknowledged before a consumer came to life must never come to it. */
	private void subscribed(Event.Subscribed subscribed) {
		this.received.computeIfAbsent(subscribed.subscription(), (key) -> new HashSet<>());
		Set<MessageId> settled = this.acknowledged.getOrDefault(subscribed.subscription(), Set.of());
		this.consumers.put(subscribed.consumer(), new ConsumerView(subscribed.order(), new HashSet<>(settled)));
	}

	private void received(Event.Received event) {
		ConsumerView view = view(event.consumer());
		String where = " by consumer " + event.consumer() + " of " + event.subscription();
		if (view.settled.contains(event.id())) {
			violation("redelivered: " + event.message() + " had a confirmed acknowledgement and was received" + where);
		}
		boolean again = view.givenBack.remove(event.id());
		if (!view.seen.add(event.id()) && !again) {
			violation("repeated: " + event.message() + " was received twice" + where);
		}
		if (!this.sent.contains(event.message())) {
			violation("invented: nobody sent " + event.message() + ", received" + where);
		}
		Set<MessageId> receivedByAny = this.received.computeIfAbsent(event.subscription(), (key) -> new HashSet<>());
		boolean first = receivedByAny.add(event.id());
		// What comes again comes after what was delivered meanwhile: if one consumer has
		// all messages, only what that one gave back; else also what another one had.
		if ((view.order == Event.Order.ALL && !again) || (view.order == Event.Order.OF_A_KEY && first)) {
			order("consumer " + event.consumer(), event.message(),
					(view.order == Event.Order.ALL) ? event.message().group() : event.message().groupOfKey());
		}
	}

	private void stored(Event.Stored event) {
		if (this.stored.putIfAbsent(event.message(), event.id()) != null) {
			violation("duplicate: " + event.message() + " is stored at " + this.stored.get(event.message()) + " and at "
					+ event.id());
		}
		if (!this.sent.contains(event.message())) {
			violation("invented: nobody sent " + event.message() + ", stored at " + event.id());
		}
		order("log", event.message(), event.message().group());
	}

	private void order(String where, Event.Sent message, String group) {
		if (message.ordering() == Ordering.UNORDERED) {
			return;
		}
		Integer before = this.last.put(where + " " + group, message.number());
		if (before != null && before > message.number()) {
			violation("order: " + message + " comes after number " + before + " of " + group + " in " + where);
		}
	}

	private void end() {
		this.confirmed.forEach((message, id) -> {
			MessageId at = this.stored.get(message);
			if (at == null) {
				violation("lost: " + message + " was confirmed at " + id + " and is not stored");
			}
			else if (!at.equals(id)) {
				violation("misplaced: " + message + " was confirmed at " + id + " and is stored at " + at);
			}
		});
		this.received.forEach((subscription, ids) -> this.stored.forEach((message, id) -> {
			if (!ids.contains(id)) {
				violation("undelivered: " + message + " never came to " + subscription);
			}
		}));
	}

	private ConsumerView view(int consumer) {
		ConsumerView view = this.consumers.get(consumer);
		if (view == null) {
			throw new IllegalArgumentException("Consumer " + consumer + " did not subscribe");
		}
		return view;
	}

	private void violation(String what) {
		this.violations.add(what);
	}

	/** What one consumer object has seen. */
	private static final class ConsumerView {

		private final Set<MessageId> seen = new HashSet<>();

		private final Set<MessageId> givenBack = new HashSet<>();

		private final Event.Order order;

		/** Acknowledged before the consumer came to life. */
		private final Set<MessageId> settled;

		private ConsumerView(Event.Order order, Set<MessageId> settled) {
			this.order = order;
			this.settled = settled;
		}

	}

}
