package io.weir.client.internal.connection;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * One round over the addresses of the broker: the first that gives a session ends it. Of
 * several failures it tells the one that says most: a broker that was found but is not
 * trusted is news, another address at which nobody answers is not.
 */
final class ConnectRound {

	private final List<Failed> failures = new ArrayList<>();

	private final List<InetSocketAddress> addresses;

	private final Function<InetSocketAddress, CompletionStage<BrokerSession>> opener;

	private final Executor blocking;

	/**
	 * Creates the round.
	 * @param addresses at least one
	 * @param opener opens a session at an address, may block
	 * @param blocking runs the opener for all addresses but the first
	 */
	ConnectRound(List<InetSocketAddress> addresses, Function<InetSocketAddress, CompletionStage<BrokerSession>> opener,
			Executor blocking) {
		this.addresses = addresses;
		this.opener = opener;
		this.blocking = blocking;
	}

	/**
	 * Tries the addresses in turn.
	 * @return the session, or exceptionally a {@link ProtocolException}
	 */
	CompletionStage<BrokerSession> run() {
		return attempt(0);
	}

	private CompletionStage<BrokerSession> attempt(int index) {
		InetSocketAddress address = this.addresses.get(index);
		CompletionStage<BrokerSession> attempt = this.opener.apply(address);
		if (index + 1 == this.addresses.size()) {
			return attempt.exceptionallyCompose((failure) -> {
				this.failures.add(new Failed(address, Failures.of(failure)));
				return CompletableFuture.failedFuture(telling());
			});
		}
		return attempt.exceptionallyComposeAsync((failure) -> {
			this.failures.add(new Failed(address, Failures.of(failure)));
			return attempt(index + 1);
		}, this.blocking);
	}

	private ProtocolException telling() {
		Failed chosen = this.failures.stream().reduce(this.failures.get(0), ConnectRound::moreTelling);
		if (this.failures.size() == 1) {
			return chosen.cause();
		}
		List<Failed> others = this.failures.stream().filter((failed) -> !failed.equals(chosen)).toList();
		String also = others.stream()
			.map((failed) -> failed.address() + " (" + failed.cause().code() + ")")
			.collect(Collectors.joining(", "));
		ProtocolException telling = new ProtocolException(chosen.cause().code(),
				chosen.cause().getMessage() + "; also tried " + also, chosen.cause());
		others.forEach((failed) -> telling.addSuppressed(failed.cause()));
		return telling;
	}

	private static Failed moreTelling(Failed one, Failed other) {
		return (rank(other.cause().code()) > rank(one.cause().code())) ? other : one;
	}

	private static int rank(ErrorCode code) {
		if (!code.retryable()) {
			return 2;
		}
		return (code != ErrorCode.UNREACHABLE) ? 1 : 0;
	}

	private record Failed(InetSocketAddress address, ProtocolException cause) {
	}

}
