package io.weir.sample.job;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.springframework.stereotype.Component;

import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.sample.board.Board;
import io.weir.sample.flight.Flight;
import io.weir.sample.flight.Run;
import io.weir.sample.job.FlightChecker.Verdict;
import io.weir.spring.WeirListener;

/**
 * Enters the flights that arrive on the board, and checks those of the main job. Flights
 * of earlier runs, which ended before they had read everything, are passed over.
 */
@Component
final class FlightListener {

	private static final int SIGNIFICANT_DIGITS = 3;

	private final Run run;

	private final Board board;

	private final FlightChecker checker = new FlightChecker();

	private final Histogram latencies = new ConcurrentHistogram(SIGNIFICANT_DIGITS);

	private final CountDownLatch end = new CountDownLatch(1);

	FlightListener(Run run, Board board) {
		this.run = run;
		this.board = board;
	}

	@WeirListener(id = "board", topics = Run.TOPIC, subscription = "board", subscriptionType = "exclusive",
			initialPosition = "earliest")
	void onFlight(Message<Flight> message) {
		Headers headers = message.headers();
		if (!this.run.owns(headers)) {
			return;
		}
		if (headers.get(Run.END) != null) {
			this.end.countDown();
		}
		else if (isNew(message)) {
			this.board.add(message.value());
		}
	}

	/** Flights that somebody posted have no number, and are not the main job's. */
	private boolean isNew(Message<Flight> message) {
		Long sequence = Run.number(message.headers(), Run.SEQUENCE);
		Long sent = Run.number(message.headers(), Run.SENT);
		if (sequence == null || sent == null) {
			return true;
		}
		Verdict verdict = this.checker.check(message.value().origin(), sequence, message.id());
		if (verdict == Verdict.REDELIVERED || verdict == Verdict.DUPLICATE) {
			return false;
		}
		this.latencies.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - sent));
		return true;
	}

	FlightChecker checker() {
		return this.checker;
	}

	/**
	 * How long the flights took from their publisher to here.
	 * @return in microseconds
	 */
	Histogram latencies() {
		return this.latencies;
	}

	/**
	 * Waits for the end of the run's flights.
	 * @param timeout how long
	 * @return whether it has come
	 * @throws InterruptedException if the thread was interrupted
	 */
	boolean awaitEnd(Duration timeout) throws InterruptedException {
		return this.end.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

}
