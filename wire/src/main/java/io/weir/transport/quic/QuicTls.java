package io.weir.transport.quic;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

import javax.net.ssl.KeyManagerFactory;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;

import org.jspecify.annotations.Nullable;

import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Limits;

/**
 * Builds the contexts for TLS 1.3, which QUIC requires (RFC 9001). A client's is kept,
 * since sessions to be resumed are in it. Safe to use from any thread.
 */
final class QuicTls {

	private final Map<ClientTls, QuicSslContext> clients = Collections.synchronizedMap(new WeakHashMap<>());

	static QuicSslContext context(ServerTls tls) {
		return QuicSslContextBuilder.forServer(tls.key(), null, tls.chain())
			.applicationProtocols(Limits.ALPN)
			.earlyData(false)
			.build();
	}

	QuicSslEngine newEngine(ClientTls tls, ByteBufAllocator allocator, @Nullable String host, int port) {
		QuicSslContext context = this.clients.computeIfAbsent(tls, QuicTls::context);
		return (host != null) ? context.newEngine(allocator, host, port) : context.newEngine(allocator);
	}

	/** The endpoint identification algorithm turns on the check of the host name. */
	private static QuicSslContext context(ClientTls tls) {
		QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
			.trustManager(tls.trustManager())
			.endpointIdentificationAlgorithm(tls.checksHostName() ? "HTTPS" : null)
			.applicationProtocols(Limits.ALPN)
			.earlyData(false);
		KeyManagerFactory certificate = tls.certificate();
		return ((certificate != null) ? builder.keyManager(certificate, null) : builder).build();
	}

	/** For tests of what happens with other settings. */
	void use(ClientTls tls, QuicSslContext context) {
		this.clients.put(tls, context);
	}

}
