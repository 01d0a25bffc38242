package io.weir.transport.stream;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.weir.transport.ClientNetwork;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;

/**
 * Whom a server lets in. A connection is opening from its first packet until the peer has
 * said who it is; when too many are, the oldest goes, unless it is so young that it may
 * just be about to say it. Of the server's event loop.
 */
final class Admission {

	/** So long nobody is sent away for others. */
	private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

	private final Budgets budgets;

	private final LongSupplier nanoTime;

	/** Since when; the oldest first. */
	private final Map<CarrierConnection, Long> opening = new LinkedHashMap<>();

	/** How many connections there are from each network. */
	private final Map<Object, Integer> networks = new HashMap<>();

	Admission(Budgets budgets, LongSupplier nanoTime) {
		this.budgets = budgets;
		this.nanoTime = nanoTime;
	}

	/**
	 * Whether anything may be kept of a new connection. If not, its first packet is
	 * dropped, and comes again.
	 */
	boolean mayOpen() {
		Budget limit = this.budgets.of(BrokerLimit.OPENING_CONNECTIONS);
		if (limit.used() < limit.limit()) {
			return true;
		}
		limit.countRefusal();
		Map.Entry<CarrierConnection, Long> oldest = this.opening.entrySet().iterator().next();
		if (this.nanoTime.getAsLong() - oldest.getValue() < GRACE) {
			return false;
		}
		CarrierConnection connection = oldest.getKey();
		admitted(connection);
		connection.close(ErrorCode.OVERLOADED, "The broker has " + limit.limit()
				+ " connections that have not said CONNECT, of which this is the oldest");
		return true;
	}

	/** Something is kept of a connection. */
	void opened(CarrierConnection connection, InetSocketAddress from) {
		this.opening.put(connection, this.nanoTime.getAsLong());
		this.budgets.of(BrokerLimit.OPENING_CONNECTIONS).take(1);
		this.networks.merge(ClientNetwork.of(from), 1, Integer::sum);
	}

	/**
	 * The handshake is over: the peer can be told that it is one too many.
	 * @return whether it is not
	 */
	boolean isWelcome(CarrierConnection connection, InetSocketAddress from) {
		Budget perAddress = this.budgets.of(BrokerLimit.CONNECTIONS_PER_ADDRESS);
		if (this.networks.getOrDefault(ClientNetwork.of(from), 0) > perAddress.limit()) {
			perAddress.countRefusal();
			connection.close(ErrorCode.OVERLOADED,
					"The broker takes at most " + perAddress.limit() + " connections from one address");
			return false;
		}
		Budget all = this.budgets.of(BrokerLimit.CONNECTIONS);
		if (!all.tryTake(1)) {
			connection.close(ErrorCode.OVERLOADED, "The broker takes at most " + all.limit() + " connections");
			return false;
		}
		return true;
	}

	/** The peer has said who it is, or never will. */
	void admitted(CarrierConnection connection) {
		if (this.opening.remove(connection) != null) {
			this.budgets.of(BrokerLimit.OPENING_CONNECTIONS).giveBack(1);
		}
	}

	/** The connection has ended. */
	void closed(CarrierConnection connection, InetSocketAddress from, boolean welcome) {
		admitted(connection);
		this.networks.computeIfPresent(ClientNetwork.of(from), (key, count) -> (count > 1) ? count - 1 : null);
		if (welcome) {
			this.budgets.of(BrokerLimit.CONNECTIONS).giveBack(1);
		}
	}

}
