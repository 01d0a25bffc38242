package io.weir.sample.board;

import java.time.LocalDateTime;

import org.junit.jupiter.api.Test;

import io.weir.sample.board.Board.Airport;
import io.weir.sample.board.Board.Totals;
import io.weir.sample.flight.Flight;

import static org.assertj.core.api.Assertions.assertThat;

class BoardTests {

	private final Board board = new Board();

	@Test
	void punctualityIsTheShareOfFlightsAtMostFifteenMinutesLate() {
		add("SFO", -5);
		add("SFO", 15);
		add("SFO", 16);
		add("SFO", 54);
		assertThat(this.board.airports()).containsExactly(new Airport("SFO", 4, 0.5, 20));
	}

	@Test
	void mostPunctualAirportComesFirstAndOfEqualsTheBusier() {
		add("LAX", 60);
		add("OAK", 0);
		add("SFO", 0);
		add("SFO", 0);
		assertThat(this.board.airports()).extracting(Airport::code).containsExactly("SFO", "OAK", "LAX");
	}

	@Test
	void lastFlightsAreTheNewest() {
		for (int delay = 0; delay < 20; delay++) {
			add("SFO", delay);
		}
		Totals totals = this.board.totals();
		assertThat(totals.flights()).isEqualTo(20);
		assertThat(totals.onTime()).isEqualTo(16);
		assertThat(totals.last()).extracting(Flight::delay).containsExactly(19, 18, 17, 16, 15, 14, 13, 12);
	}

	private void add(String origin, int delay) {
		this.board.add(new Flight(LocalDateTime.of(2001, 1, 1, 12, 0), delay, 337, origin, "JFK"));
	}

}
