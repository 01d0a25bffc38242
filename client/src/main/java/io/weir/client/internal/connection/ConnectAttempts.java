package io.weir.client.internal.connection;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Attempts to open a session, each of them one round over the broker's addresses. */
final class ConnectAttempts {

	private final Function<InetSocketAddress, CompletionStage<BrokerSession>> opener;

	private final AddressRotation addresses;

	private final Executor blocking;

	/**
	 * Creates the attempts.
	 * @param opener opens a session at an address, may block
	 * @param addresses where to
	 * @param blocking runs what may block: resolving names, loading certificates
	 */
	ConnectAttempts(Function<InetSocketAddress, CompletionStage<BrokerSession>> opener, AddressRotation addresses,
			Executor blocking) {
		this.opener = opener;
		this.addresses = addresses;
		this.blocking = blocking;
	}

	/** Tries all addresses. */
	CompletionStage<BrokerSession> next() {
		return round(this.addresses::next);
	}

	/**
	 * Tries all addresses but one that is about to be left; fails if there is no other.
	 */
	CompletionStage<BrokerSession> nextWithout(@Nullable SocketAddress left) {
		return round(() -> this.addresses.nextWithout(left));
	}

	private CompletionStage<BrokerSession> round(Supplier<List<InetSocketAddress>> candidates) {
		try {
			return CompletableFuture.supplyAsync(candidates, this.blocking)
				.thenCompose((resolved) -> new ConnectRound(resolved, this.opener, this.blocking).run());
		}
		catch (RuntimeException | Error ex) {
			// There is no thread for it now; it is tried again like any other attempt.
			return CompletableFuture.failedFuture(ex);
		}
	}

}
