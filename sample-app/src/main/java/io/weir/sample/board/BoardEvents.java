package io.weir.sample.board;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import io.weir.client.WeirClient;
import io.weir.pool.PoolStats;
import io.weir.sample.board.Board.Totals;
import io.weir.sample.board.BoardSnapshot.Streams;
import io.weir.sample.booking.BookingDesk;

/**
 * Sends the board to the browsers that look at it, twice a second. Stops before the web
 * server, which would wait for these endless answers.
 */
@RestController
class BoardEvents implements SmartLifecycle {

	private static final int INTERVAL_MILLIS = 500;

	private final Board board;

	private final BookingDesk desk;

	private final WeirClient client;

	private final List<SseEmitter> browsers = new CopyOnWriteArrayList<>();

	private final Rate rate = new Rate(System.nanoTime());

	private volatile double perSecond;

	private volatile boolean running;

	BoardEvents(Board board, BookingDesk desk, WeirClient client) {
		this.board = board;
		this.desk = desk;
		this.client = client;
	}

	@GetMapping(path = "/board/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter events() {
		SseEmitter browser = new SseEmitter(0L);
		browser.onCompletion(() -> this.browsers.remove(browser));
		browser.onError((failure) -> this.browsers.remove(browser));
		this.browsers.add(browser);
		send(browser, snapshot(this.board.totals(), this.perSecond));
		return browser;
	}

	@Scheduled(fixedRate = INTERVAL_MILLIS)
	void send() {
		Totals totals = this.board.totals();
		this.perSecond = this.rate.update(totals.flights(), System.nanoTime());
		if (!this.browsers.isEmpty()) {
			BoardSnapshot snapshot = snapshot(totals, this.perSecond);
			this.browsers.forEach((browser) -> send(browser, snapshot));
		}
	}

	private void send(SseEmitter browser, BoardSnapshot snapshot) {
		try {
			browser.send(snapshot, MediaType.APPLICATION_JSON);
		}
		catch (IOException | IllegalStateException ex) {
			// It has gone; the container tells onError.
			this.browsers.remove(browser);
		}
	}

	private BoardSnapshot snapshot(Totals totals, double perSecond) {
		Collection<PoolStats> pools = this.client.pools().values();
		Streams streams = new Streams(pools.stream().mapToInt(PoolStats::active).sum(),
				pools.stream().mapToInt(PoolStats::idle).sum());
		return new BoardSnapshot(this.client.state().name(), totals.flights(), totals.onTime(), perSecond, streams,
				this.board.airports(), totals.last(), this.desk.snapshot());
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.browsers.forEach(SseEmitter::complete);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
