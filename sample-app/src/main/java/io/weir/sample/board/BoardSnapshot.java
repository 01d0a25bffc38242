package io.weir.sample.board;

import java.util.List;

import io.weir.sample.board.Board.Airport;
import io.weir.sample.booking.BookingDesk;
import io.weir.sample.flight.Flight;

/**
 * What the page shows.
 *
 * @param connection the state of the connection to the broker
 * @param flights how many flights have arrived
 * @param onTime how many of them were on time
 * @param rate how many arrive in a second now
 * @param streams the client's pooled streams
 * @param airports the most punctual first
 * @param last the last few flights, newest first
 * @param desk what has become of bookings
 */
record BoardSnapshot(String connection, long flights, long onTime, double rate, Streams streams, List<Airport> airports,
		List<Flight> last, BookingDesk.Snapshot desk) {

	/**
	 * The pooled streams, all connections together.
	 *
	 * @param active lent to producers and consumers
	 * @param idle ready to be lent
	 */
	record Streams(int active, int idle) {
	}

}
