package io.weir.client.internal.connection;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.weir.wire.ProtocolException;

/**
 * Those who are told of sessions, in the order in which they came. On the manager's
 * executor.
 */
final class SessionUsers {

	private final Set<SessionUser> users = new LinkedHashSet<>();

	/** Returns whether it was not there already. */
	boolean add(SessionUser user) {
		return this.users.add(user);
	}

	void remove(SessionUser user) {
		this.users.remove(user);
	}

	int count() {
		return this.users.size();
	}

	/** They may come and go meanwhile. */
	void tellUp(BrokerSession session) {
		List.copyOf(this.users).forEach((user) -> user.sessionUp(session));
	}

	/** They may come and go meanwhile. */
	void tellDown(BrokerSession session, ProtocolException cause) {
		List.copyOf(this.users).forEach((user) -> user.sessionDown(session, cause));
	}

}
