package io.weir.client.internal.connection;

import io.weir.transport.Connection;
import io.weir.transport.SilenceListener;
import io.weir.wire.Frame;

/** What happens to a session while it is up. Called on the connection's event loop. */
interface SessionEvents extends SilenceListener {

	/**
	 * The broker says that it goes away.
	 * @param connection the session's connection
	 * @param notice what it said
	 */
	void goesAway(Connection connection, Frame.GoAway notice);

}
