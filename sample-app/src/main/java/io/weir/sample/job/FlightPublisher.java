package io.weir.sample.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

import io.weir.client.Producer;
import io.weir.client.WeirException;
import io.weir.message.MessageId;
import io.weir.sample.flight.Flight;
import io.weir.sample.flight.Run;

/**
 * Publishes flights from several threads. All flights of an airport are published by one
 * thread and keyed by the airport, so that they keep their order. A flight without a
 * receipt stays with the producer, which sends it again when the broker was away.
 */
final class FlightPublisher {

	/** How many flights may wait for their receipts: what a producer's queue holds. */
	private static final int WINDOW = 1000;

	private final Producer<Flight> producer;

	private final Run run;

	private final int threads;

	private final Semaphore window = new Semaphore(WINDOW);

	private final AtomicLong receipts = new AtomicLong();

	private final AtomicReference<@Nullable WeirException> failure = new AtomicReference<>();

	FlightPublisher(Producer<Flight> producer, Run run, int threads) {
		this.producer = producer;
		this.run = run;
		this.threads = threads;
	}

	/**
	 * Publishes the flights and, once the broker has confirmed them all, a message that
	 * marks the end: it is stored behind every flight.
	 * @param flights what to publish, not empty
	 * @param rounds how often
	 * @throws WeirException if the broker refused something
	 * @throws InterruptedException if the thread was interrupted
	 */
	void publish(List<Flight> flights, int rounds) throws InterruptedException {
		ExecutorService executor = Executors.newFixedThreadPool(this.threads,
				new CustomizableThreadFactory("publisher-"));
		try {
			for (Future<Void> task : executor.invokeAll(tasks(flights, rounds))) {
				task.get();
			}
			this.window.acquire(WINDOW);
			throwFailure();
		}
		catch (ExecutionException ex) {
			throw WeirException.from(ex);
		}
		finally {
			executor.shutdownNow();
		}
		this.producer.message(flights.get(0)).header(Run.ID, this.run.id()).header(Run.END, "true").send();
	}

	/**
	 * How many flights the broker has confirmed.
	 * @return the count
	 */
	long receipts() {
		return this.receipts.get();
	}

	private List<Callable<Void>> tasks(List<Flight> flights, int rounds) {
		return groups(flights).stream().map((group) -> task(group, rounds)).toList();
	}

	private List<List<Flight>> groups(List<Flight> flights) {
		List<List<Flight>> groups = new ArrayList<>();
		for (int i = 0; i < this.threads; i++) {
			groups.add(new ArrayList<>());
		}
		flights.forEach((flight) -> groups.get(Math.floorMod(flight.origin().hashCode(), this.threads)).add(flight));
		return groups;
	}

	private Callable<Void> task(List<Flight> group, int rounds) {
		return () -> {
			Map<String, Long> numbers = new HashMap<>();
			for (int round = 0; round < rounds; round++) {
				for (Flight flight : group) {
					this.window.acquire();
					throwFailure();
					publish(flight, numbers.merge(flight.origin(), 1L, Long::sum) - 1);
				}
			}
			return null;
		};
	}

	private void publish(Flight flight, long sequence) {
		this.producer.message(flight)
			.key(flight.origin())
			.header(Run.ID, this.run.id())
			.header(Run.SEQUENCE, Long.toString(sequence))
			.header(Run.SENT, Long.toString(System.nanoTime()))
			.sendAsync()
			.whenComplete(this::receipted);
	}

	private void receipted(@Nullable MessageId id, @Nullable Throwable thrown) {
		if (thrown != null) {
			this.failure.compareAndSet(null, WeirException.from(thrown));
		}
		else {
			this.receipts.incrementAndGet();
		}
		this.window.release();
	}

	private void throwFailure() {
		WeirException first = this.failure.get();
		if (first != null) {
			throw first;
		}
	}

}
