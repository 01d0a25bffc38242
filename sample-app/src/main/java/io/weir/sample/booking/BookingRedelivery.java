package io.weir.sample.booking;

import java.time.Duration;

import org.springframework.stereotype.Component;

import io.weir.client.ConsumerBuilder;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.RedeliveryBackoff;
import io.weir.spring.ConsumerCustomizer;

/**
 * What becomes of bookings that fail: after one, two and two seconds they are delivered
 * again, then they are dead letters. For all consumers of an application
 * {@code weir.consumer.retry} and {@code weir.consumer.dead-letter} say the same.
 */
@Component
final class BookingRedelivery implements ConsumerCustomizer {

	static final String DEAD_LETTERS = "bookings.dead";

	private static final DeadLetterPolicy POLICY = new DeadLetterPolicy(3, DEAD_LETTERS);

	private static final RedeliveryBackoff BACKOFF = RedeliveryBackoff.exponential(Duration.ofSeconds(1), 2,
			Duration.ofSeconds(2));

	@Override
	public void customize(String topic, ConsumerBuilder<?> builder) {
		if (topic.equals(Booking.TOPIC)) {
			builder.deadLetterPolicy(POLICY).negativeAckRedeliveryBackoff(BACKOFF);
		}
	}

}
