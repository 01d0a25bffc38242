package io.weir.sample.booking;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import io.weir.client.Reader;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.message.InitialPosition;
import io.weir.message.Schema;

/**
 * Shows the desk all bookings that were given up, also in earlier runs. A reader takes
 * nothing away: the dead letters stay in their topic.
 */
@Component
final class DeadLetterReader implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetterReader.class);

	private final WeirClient client;

	private final BookingDesk desk;

	private volatile @Nullable Thread thread;

	DeadLetterReader(WeirClient client, BookingDesk desk) {
		this.client = client;
		this.desk = desk;
	}

	private void read() {
		while (isRunning()) {
			try (Reader<Booking> reader = this.client.reader(Schema.json(Booking.class))
				.topic(BookingRedelivery.DEAD_LETTERS)
				.startAt(InitialPosition.EARLIEST)
				.create()) {
				while (isRunning()) {
					this.desk.givenUp(reader.read());
				}
			}
			catch (WeirException ex) {
				if (isRunning() && !ex.retryable()) {
					logger.warn("Dead letters are not shown any more", ex);
					return;
				}
			}
		}
	}

	@Override
	public void start() {
		Thread started = new Thread(this::read, "dead-letters");
		started.setDaemon(true);
		this.thread = started;
		started.start();
	}

	@Override
	public void stop() {
		Thread running = this.thread;
		this.thread = null;
		if (running != null) {
			running.interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

}
