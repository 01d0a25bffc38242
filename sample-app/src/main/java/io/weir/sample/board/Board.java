package io.weir.sample.board;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.stereotype.Component;

import io.weir.sample.flight.Flight;

/** Keeps the punctuality of each airport of origin. Safe to use from any thread. */
@Component
public final class Board {

	private static final int LAST_FLIGHTS = 8;

	private final Map<String, Tally> tallies = new HashMap<>();

	private final Deque<Flight> last = new ArrayDeque<>();

	private long flights;

	private long onTime;

	/**
	 * Enters a flight.
	 * @param flight the flight
	 */
	public synchronized void add(Flight flight) {
		this.flights++;
		this.onTime += flight.onTime() ? 1 : 0;
		this.tallies.computeIfAbsent(flight.origin(), (origin) -> new Tally()).add(flight);
		this.last.addFirst(flight);
		if (this.last.size() > LAST_FLIGHTS) {
			this.last.removeLast();
		}
	}

	/**
	 * How the airports stand.
	 * @return the most punctual first, of equals the busier
	 */
	public synchronized List<Airport> airports() {
		return this.tallies.entrySet()
			.stream()
			.map((entry) -> entry.getValue().airport(entry.getKey()))
			.sorted(Comparator.comparingDouble(Airport::punctuality)
				.thenComparingLong(Airport::flights)
				.reversed()
				.thenComparing(Airport::code))
			.toList();
	}

	synchronized Totals totals() {
		return new Totals(this.flights, this.onTime, List.copyOf(this.last));
	}

	/**
	 * How an airport stands.
	 *
	 * @param code its IATA code
	 * @param flights how many flights took off there
	 * @param punctuality the share of them that arrived on time, from 0 to 1
	 * @param meanDelay by how many minutes they were late in the mean
	 */
	public record Airport(String code, long flights, double punctuality, double meanDelay) {
	}

	/**
	 * All flights together.
	 *
	 * @param flights how many there were
	 * @param onTime how many of them arrived on time
	 * @param last the last few, newest first
	 */
	record Totals(long flights, long onTime, List<Flight> last) {
	}

	private static final class Tally {

		private long flights;

		private long onTime;

		private long delay;

		void add(Flight flight) {
			this.flights++;
			this.onTime += flight.onTime() ? 1 : 0;
			this.delay += flight.delay();
		}

		Airport airport(String code) {
			return new Airport(code, this.flights, (double) this.onTime / this.flights,
					(double) this.delay / this.flights);
		}

	}

}
