package io.weir.sample.booking;

/**
 * A booking.
 *
 * @param number tells it from others
 * @param kind what is special about it
 */
public record Booking(String number, Kind kind) {

	/** The topic. */
	static final String TOPIC = "bookings";

	/** What is special about a booking. */
	public enum Kind {

		/** Confirming it fails twice. */
		FLAKY,
		/** Confirming it fails until it is replayed, since then it is mended. */
		POISON,
		/** It is not to be confirmed at once. */
		LATER

	}

}
