package io.weir.sample.job;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import io.weir.client.ConnectionState;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.sample.board.Board;
import io.weir.sample.flight.Flight;
import io.weir.sample.flight.FlightFile;
import io.weir.sample.flight.Run;

/** Publishes the flights, waits until they have arrived, and prints the summary. */
@Component
final class MainJob {

	private static final Duration TICK = Duration.ofMillis(100);

	private final SampleProperties properties;

	private final JsonMapper mapper;

	private final WeirClient client;

	private final Board board;

	private final FlightListener listener;

	private final FlightPublisher publisher;

	MainJob(SampleProperties properties, JsonMapper mapper, WeirClient client,
			@Qualifier("flights") Producer<Flight> producer, Board board, FlightListener listener, Run run) {
		this.properties = properties;
		this.mapper = mapper;
		this.client = client;
		this.board = board;
		this.listener = listener;
		this.publisher = new FlightPublisher(producer, run, properties.threads());
	}

	/**
	 * Does the job.
	 * @return whether all flights arrived in order, each once
	 * @throws InterruptedException if the thread was interrupted
	 */
	boolean run() throws InterruptedException {
		List<Flight> flights = FlightFile.read(this.properties.data(), this.mapper);
		long total = (long) flights.size() * this.properties.repeat();
		System.out.printf(Locale.ROOT, "Publishing %,d flights from %d threads to %s%n", total,
				this.properties.threads(), this.client.serviceUrl());
		long begin = System.nanoTime();
		FutureTask<Void> publishing = startPublishing(flights);
		try {
			watch(publishing, total);
		}
		finally {
			publishing.cancel(true);
		}
		Summary summary = summary(total, Duration.ofNanos(System.nanoTime() - begin));
		System.out.println(summary);
		return summary.result().ok();
	}

	private FutureTask<Void> startPublishing(List<Flight> flights) {
		FutureTask<Void> publishing = new FutureTask<>(() -> {
			this.publisher.publish(flights, this.properties.repeat());
			return null;
		});
		new Thread(publishing, "publisher").start();
		return publishing;
	}

	private void watch(FutureTask<Void> publishing, long total) throws InterruptedException {
		Patience patience = new Patience(this.properties.patience());
		try (Progress progress = Progress.of(total)) {
			boolean ended = false;
			while (!ended && !hasFailed(publishing) && !patience.isExhausted()) {
				ended = this.listener.awaitEnd(TICK);
				long receipts = this.publisher.receipts();
				long arrived = this.listener.checker().arrived();
				progress.show(receipts, arrived);
				patience.observe(receipts + arrived, this.client.state() == ConnectionState.READY);
			}
		}
	}

	private static boolean hasFailed(FutureTask<Void> publishing) throws InterruptedException {
		if (publishing.isDone()) {
			try {
				publishing.get();
			}
			catch (ExecutionException ex) {
				System.out.println("Publishing failed: " + ex.getCause());
				return true;
			}
		}
		return false;
	}

	private Summary summary(long total, Duration elapsed) {
		FlightChecker checker = this.listener.checker();
		return new Summary(checker.arrived(), elapsed, this.listener.latencies(), this.client.pools().values(),
				this.board.airports(), checker.result(total));
	}

}
