/**
 * QUIC connections, streams and the stream pool, requests by id and heartbeat: the only
 * place with Netty channels.
 */
@NullMarked
package io.weir.transport;

import org.jspecify.annotations.NullMarked;
