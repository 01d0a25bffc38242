package io.weir.client.internal.connection;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import io.weir.transport.Connection;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/** Connects and says hello. Safe to use from any thread. */
public final class SessionOpener {

	/** How many the broker must hear within its session timeout. */
	private static final int SIGNS_OF_LIFE = 3;

	private final Connector connector;

	private final StreamPoolFactory pools;

	private final BiConsumer<RequestStream, Duration> heartbeat;

	private final Frame.Connect hello;

	private final Duration timeout;

	/**
	 * Creates the opener.
	 * @param connector makes connections
	 * @param pools makes their stream pools
	 * @param heartbeat given each control stream when the session is up, to ping it at
	 * least as often as the duration says
	 * @param hello what to say
	 * @param timeout how long the broker may take to answer
	 */
	public SessionOpener(Connector connector, StreamPoolFactory pools, BiConsumer<RequestStream, Duration> heartbeat,
			Frame.Connect hello, Duration timeout) {
		this.connector = connector;
		this.pools = pools;
		this.heartbeat = heartbeat;
		this.hello = hello;
		this.timeout = timeout;
	}

	/**
	 * Opens a session. May block for a while before it returns.
	 * @param address where
	 * @param poolName the name of the connection's stream pool
	 * @param events told what happens to the session
	 * @return the session, or exceptionally a {@link ProtocolException}; nothing is left
	 * open then
	 */
	CompletionStage<BrokerSession> open(InetSocketAddress address, String poolName, SessionEvents events) {
		BrokerStreams streams = new BrokerStreams();
		return this.connector.connect(address, streams)
			.thenCompose((connection) -> inTime(greet(connection, events)).thenApply(
					(terms) -> new BrokerSession(connection, terms, this.pools.create(poolName, connection), streams))
				.whenComplete((session, failure) -> closeIfFailed(connection, failure)));
	}

	private CompletableFuture<Frame.Connected> greet(Connection connection, SessionEvents events) {
		return RequestStream.openControl(connection).thenCompose((control) -> {
			control.onPush((frame) -> {
				frame.release();
				if (frame instanceof Frame.GoAway notice) {
					events.goesAway(connection, notice);
				}
			});
			return control.request(this.hello).thenApply((answer) -> {
				Frame.Connected terms = expectConnected(answer);
				connection.peerKnows(terms.features());
				connection.limitFrames(terms.maxFrameSize());
				if (terms.resetToken() != null) {
					connection.expectReset(terms.resetToken());
				}
				connection.onSilence(control, events);
				this.heartbeat.accept(control, Duration.ofMillis(terms.sessionTimeout()).dividedBy(SIGNS_OF_LIFE));
				return terms;
			});
		}).toCompletableFuture();
	}

	private <V> CompletableFuture<V> inTime(CompletableFuture<V> greeting) {
		return greeting.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS)
			.exceptionallyCompose(
					(failure) -> CompletableFuture
						.failedFuture((failure instanceof TimeoutException)
								? new ProtocolException(ErrorCode.TIMEOUT,
										"No answer to CONNECT within " + this.timeout.toMillis()
												+ " ms; the broker is there, but it is stuck or overloaded")
								: failure));
	}

	private static Frame.Connected expectConnected(Frame answer) {
		if (answer instanceof Frame.Connected connected) {
			return connected;
		}
		answer.release();
		throw new ProtocolException(ErrorCode.PROTOCOL_VIOLATION,
				"The broker answered CONNECT with " + answer.getClass().getSimpleName());
	}

	private static void closeIfFailed(Connection connection, @Nullable Throwable failure) {
		if (failure != null) {
			ProtocolException cause = Failures.of(failure);
			connection.close(cause.code(), String.valueOf(cause.getMessage()));
		}
	}

}
