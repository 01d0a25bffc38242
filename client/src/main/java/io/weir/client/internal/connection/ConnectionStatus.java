package io.weir.client.internal.connection;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ProtocolException;

/**
 * What a connection manager is doing, and why it is not ready.
 *
 * @param state what it is doing
 * @param lastFailure what failed last, or {@code null} while there is a session or none
 * was tried
 */
public record ConnectionStatus(LinkState state, @Nullable ProtocolException lastFailure) {
}
