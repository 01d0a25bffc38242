/** QUIC (RFC 9000) by Netty, as a carrier of streams. */
@NullMarked
package io.weir.transport.quic;

import org.jspecify.annotations.NullMarked;
