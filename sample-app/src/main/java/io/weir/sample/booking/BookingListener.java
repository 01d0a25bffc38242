package io.weir.sample.booking;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.spring.WeirListener;

/**
 * Confirms bookings. What it throws has the broker deliver the message again, as
 * {@link BookingRedelivery} says.
 */
@Component
final class BookingListener {

	private static final int FAILURES = 2;

	private final BookingDesk desk;

	BookingListener(BookingDesk desk) {
		this.desk = desk;
	}

	@WeirListener(id = "bookings", topics = Booking.TOPIC, subscription = "desk", subscriptionType = "shared",
			initialPosition = "earliest")
	void onBooking(Message<Booking> message) {
		Booking booking = message.value();
		int deliveries = message.redeliveryCount() + 1;
		String problem = problem(booking, deliveries, message.headers());
		if (problem != null) {
			this.desk.failed(booking, deliveries, problem);
			throw new IllegalStateException(problem);
		}
		this.desk.confirmed(booking, deliveries);
	}

	private static @Nullable String problem(Booking booking, int deliveries, Headers headers) {
		boolean mended = headers.get(DeadLetterOrigin.REPLAYS_HEADER) != null;
		return switch (booking.kind()) {
			case FLAKY -> (deliveries <= FAILURES) ? "The seat map does not answer" : null;
			case POISON -> mended ? null : "There is no airport XYZ";
			case LATER -> null;
		};
	}

}
