package io.weir.broker.engine;

import java.util.Comparator;

/**
 * A producer or a consumer, as its client numbers it.
 *
 * @param session the client's session
 * @param id the client's number for it, unique in the session among producers and among
 * consumers
 */
public record Peer(long session, long id) implements Comparable<Peer> {

	private static final Comparator<Peer> ORDER = Comparator.comparingLong(Peer::session).thenComparingLong(Peer::id);

	@Override
	public int compareTo(Peer other) {
		return ORDER.compare(this, other);
	}

}
