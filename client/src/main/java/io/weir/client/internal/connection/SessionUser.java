package io.weir.client.internal.connection;

import io.weir.wire.ProtocolException;

/**
 * Who needs a session. Called on the manager's executor, must not block. A session that
 * ended is always told before the next one.
 */
public interface SessionUser {

	/**
	 * A session is up.
	 * @param session the session
	 */
	void sessionUp(BrokerSession session);

	/**
	 * The session has ended.
	 * @param session the session
	 * @param cause why
	 */
	void sessionDown(BrokerSession session, ProtocolException cause);

}
