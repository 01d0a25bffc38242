package io.weir.sample.booking;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import io.weir.message.DeadLetterOrigin;
import io.weir.message.Message;
import io.weir.sample.booking.Booking.Kind;

/** Keeps what has become of the last few bookings. Safe to use from any thread. */
@Component
public final class BookingDesk {

	private static final int LAST = 6;

	private final Map<String, Row> rows = new LinkedHashMap<>();

	private final Deque<DeadLetter> deadLetters = new ArrayDeque<>();

	/**
	 * A booking is being published.
	 * @param due when it is to be delivered, or {@code null} if that is at once
	 */
	void published(Booking booking, @Nullable Instant due) {
		Long millis = (due != null) ? due.toEpochMilli() : null;
		show(new Row(booking.number(), booking.kind(), (due != null) ? State.DELAYED : State.SENT, 0, null, millis));
	}

	/** It was not published. */
	synchronized void withdrawn(Booking booking) {
		this.rows.remove(booking.number());
	}

	/** It could not be confirmed, and comes again. */
	void failed(Booking booking, int deliveries, String problem) {
		show(booking, State.FAILED, deliveries, problem);
	}

	void confirmed(Booking booking, int deliveries) {
		show(booking, State.CONFIRMED, deliveries, null);
	}

	/** It is a dead letter. */
	synchronized void givenUp(Message<Booking> message) {
		DeadLetterOrigin origin = message.deadLetterOrigin();
		if (origin == null) {
			return;
		}
		Booking booking = message.value();
		this.deadLetters.addFirst(new DeadLetter(message.id().toString(), booking.number(), origin.topic(),
				origin.subscription(), origin.messageId().toString(), origin.redeliveryCount(), origin.error(), false));
		if (this.deadLetters.size() > LAST) {
			this.deadLetters.removeLast();
		}
		if (this.rows.containsKey(booking.number())) {
			show(booking, State.GIVEN_UP, origin.redeliveryCount() + 1, null);
		}
	}

	/** A dead letter is published to where it came from again. */
	synchronized void replayed(String id) {
		List<DeadLetter> all = List.copyOf(this.deadLetters);
		this.deadLetters.clear();
		all.forEach((each) -> this.deadLetters.add(each.id().equals(id) ? each.toReplayed() : each));
	}

	private void show(Booking booking, State state, int deliveries, @Nullable String problem) {
		show(new Row(booking.number(), booking.kind(), state, deliveries, problem, null));
	}

	/** The oldest goes, as long as there are too many. */
	private synchronized void show(Row row) {
		this.rows.put(row.number(), row);
		if (this.rows.size() > LAST) {
			this.rows.remove(this.rows.keySet().iterator().next());
		}
	}

	/**
	 * What has become of the bookings.
	 * @return as it is now
	 */
	public synchronized Snapshot snapshot() {
		List<Row> newestFirst = new ArrayList<>(this.rows.values());
		Collections.reverse(newestFirst);
		return new Snapshot(newestFirst, List.copyOf(this.deadLetters));
	}

	/**
	 * The bookings at one moment.
	 *
	 * @param bookings the last few, newest first
	 * @param deadLetters the last few that were given up, newest first
	 */
	public record Snapshot(List<Row> bookings, List<DeadLetter> deadLetters) {
	}

	/**
	 * A booking.
	 *
	 * @param number its number
	 * @param kind what is special about it
	 * @param state what has become of it
	 * @param deliveries how often it was delivered
	 * @param problem why it was not confirmed the last time, or {@code null}
	 * @param due when it is to be delivered, in milliseconds since 1970, or {@code null}
	 */
	public record Row(String number, Kind kind, State state, int deliveries, @Nullable String problem,
			@Nullable Long due) {
	}

	/** What has become of a booking. */
	public enum State {

		/** It is on its way. */
		SENT,
		/** The broker keeps it until it is due. */
		DELAYED,
		/** It could not be confirmed, and comes again. */
		FAILED,
		/** All is well. */
		CONFIRMED,
		/** It could not be confirmed, and is a dead letter. */
		GIVEN_UP

	}

	/**
	 * A booking that was given up, and what the headers of the dead letter say of it.
	 *
	 * @param id the dead letter's id
	 * @param number the booking
	 * @param topic where it came from
	 * @param subscription who gave it up
	 * @param messageId its id there
	 * @param redeliveries how often it was delivered again
	 * @param error what went wrong the last time
	 * @param replayed whether it was published there again by this application
	 */
	public record DeadLetter(String id, String number, String topic, String subscription, String messageId,
			int redeliveries, String error, boolean replayed) {

		DeadLetter toReplayed() {
			return new DeadLetter(this.id, this.number, this.topic, this.subscription, this.messageId,
					this.redeliveries, this.error, true);
		}

	}

}
