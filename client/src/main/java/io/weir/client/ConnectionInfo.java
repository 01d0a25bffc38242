package io.weir.client;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * One of a client's connections, as it was at one moment.
 *
 * @param name its name, also that of its stream pool: a key of {@link WeirClient#pools()}
 * @param state what it is doing
 * @param address the broker's address while the state is {@link ConnectionState#READY} or
 * {@link ConnectionState#DRAINING}, else {@code null}
 * @param lastFailure why the last attempt failed, how the last session was lost, or why
 * the broker goes away; {@code null} while the connection is ready or none was tried
 */
public record ConnectionInfo(String name, ConnectionState state, @Nullable InetSocketAddress address,
		@Nullable WeirException lastFailure) {
}
