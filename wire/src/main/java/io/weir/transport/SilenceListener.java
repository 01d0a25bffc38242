package io.weir.transport;

import java.time.Duration;

/** Hears of a peer that does not answer. Called on the connection's event loop. */
public interface SilenceListener {

	/**
	 * An answer is awaited, and for a few round trips nothing has come at all.
	 * @param connection the connection
	 * @param since for how long the peer has not answered
	 */
	void silent(Connection connection, Duration since);

	/**
	 * The peer is heard again.
	 * @param connection the connection
	 */
	void heardAgain(Connection connection);

}
