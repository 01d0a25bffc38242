package io.weir.sample.booking;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import io.weir.client.MessageBuilder;
import io.weir.sample.booking.Booking.Kind;
import io.weir.sample.flight.Run;
import io.weir.spring.WeirOperations;

/** Publishes bookings that fail or wait. */
@RestController
class Bookings {

	private static final Duration LATER = Duration.ofSeconds(5);

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final AtomicInteger numbers = new AtomicInteger();

	private final WeirOperations template;

	private final Run run;

	private final BookingDesk desk;

	Bookings(WeirOperations template, Run run, BookingDesk desk) {
		this.template = template;
		this.run = run;
		this.desk = desk;
	}

	/** One that is delivered three times before it is confirmed. */
	@PostMapping("/bookings/flaky")
	@ResponseStatus(HttpStatus.CREATED)
	CompletableFuture<Published> flaky() {
		return publish(Kind.FLAKY, null);
	}

	/** One that becomes a dead letter. */
	@PostMapping("/bookings/poison")
	@ResponseStatus(HttpStatus.CREATED)
	CompletableFuture<Published> poison() {
		return publish(Kind.POISON, null);
	}

	/** One that is delivered a little later. */
	@PostMapping("/bookings/later")
	@ResponseStatus(HttpStatus.CREATED)
	CompletableFuture<Published> later() {
		return publish(Kind.LATER, Instant.now().plus(LATER));
	}

	private CompletableFuture<Published> publish(Kind kind, @Nullable Instant due) {
		Booking booking = new Booking(this.run.id() + "-" + this.numbers.incrementAndGet(), kind);
		MessageBuilder<Object> message = this.template.message(Booking.TOPIC, booking).key(booking.number());
		if (due != null) {
			message.deliverAt(due);
		}
		this.desk.published(booking, due);
		return message.sendAsync()
			.whenComplete((id, failure) -> withdrawIf(failure != null, booking))
			.orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.thenApply((id) -> new Published(id.toString(), booking, due));
	}

	private void withdrawIf(boolean failed, Booking booking) {
		if (failed) {
			this.desk.withdrawn(booking);
		}
	}

	/**
	 * The answer.
	 *
	 * @param id the id under which the broker stored the booking
	 * @param booking the booking
	 * @param due when it is delivered, if that is not at once
	 */
	record Published(String id, Booking booking, @Nullable Instant due) {
	}

}
