package io.weir.transport.quic;

import java.net.BindException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.quic.QuicClosedChannelException;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicTransportError;

import org.jspecify.annotations.Nullable;

import io.weir.concurrent.Causes;
import io.weir.transport.stream.StreamFailures;
import io.weir.transport.tls.ClientTls;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

/** Says what Netty's and QUIC's failures mean here. */
final class QuicErrors {

	/**
	 * TLS alerts (RFC 8446 §6.2) that are about the certificate: bad_certificate to
	 * unknown_ca.
	 */
	private static final int FIRST_CERTIFICATE_ALERT = 42;

	private static final int LAST_CERTIFICATE_ALERT = 48;

	private static final int NO_APPLICATION_PROTOCOL_ALERT = 120;

	private QuicErrors() {
	}

	/** Why an attempt to connect failed. */
	static ProtocolException connectFailed(Throwable failure, Object address, @Nullable SSLEngine engine) {
		ProtocolException known = Causes.find(failure, ProtocolException.class);
		if (known != null) {
			return known;
		}
		if (failure instanceof QuicClosedChannelException closed && closed.event() != null) {
			return closedByPeer(closed.event());
		}
		if (failure instanceof ConnectTimeoutException || failure instanceof ConnectException) {
			return new ProtocolException(ErrorCode.UNREACHABLE, "No answer from " + address
					+ "; is the broker running there, is this its UDP port, and does the network let UDP through?",
					failure);
		}
		if (failure instanceof SSLException) {
			CertificateException refusal = (engine != null) ? ClientTls.refusal(engine) : null;
			return new ProtocolException(ErrorCode.UNTRUSTED_CERTIFICATE, "The certificate of " + address
					+ " is not trusted: " + StreamFailures.text((refusal != null) ? refusal : failure), failure);
		}
		return new ProtocolException(ErrorCode.UNREACHABLE,
				"No connection to " + address + ": " + StreamFailures.text(failure), failure);
	}

	/** What the peer said when it closed the connection. */
	static ProtocolException closedByPeer(QuicConnectionCloseEvent event) {
		String reason = reason(event);
		if (event.isApplicationClose()) {
			ErrorCode code = ErrorCode.of(event.error());
			return new ProtocolException(code, reason.isEmpty() ? "The peer closed the connection: " + code : reason);
		}
		if (event.isTlsError()) {
			int alert = QuicConnectionCloseEvent.extractTlsError(event.error());
			if (alert == NO_APPLICATION_PROTOCOL_ALERT) {
				return new ProtocolException(ErrorCode.UNSUPPORTED_VERSION, "The peer does not speak " + Limits.ALPN
						+ "; is it a Weir broker, and are both sides of versions that fit?");
			}
			if (alert >= FIRST_CERTIFICATE_ALERT && alert <= LAST_CERTIFICATE_ALERT) {
				return new ProtocolException(ErrorCode.UNTRUSTED_CERTIFICATE,
						"The peer does not accept our certificate (TLS alert " + alert + ")");
			}
			return new ProtocolException(ErrorCode.CONNECTION_LOST, "The TLS handshake failed (alert " + alert + ")");
		}
		return new ProtocolException(ErrorCode.CONNECTION_LOST,
				"The peer closed the connection: QUIC error " + event.error() + " " + reason);
	}

	/** Netty holds {@code null} where the peer gave no reason, and fails to copy it. */
	private static String reason(QuicConnectionCloseEvent event) {
		try {
			return new String(event.reason(), StandardCharsets.UTF_8);
		}
		catch (NullPointerException ex) {
			return "";
		}
	}

	/** Why a stream or a write failed. */
	static ProtocolException streamFailed(Throwable failure) {
		if (failure instanceof QuicStreamResetException reset) {
			ErrorCode code = ErrorCode.of(reset.applicationProtocolCode());
			return new ProtocolException(code, "The peer reset the stream: " + code, failure);
		}
		if (failure instanceof QuicException quic && QuicTransportError.STREAM_LIMIT_ERROR.equals(quic.error())) {
			return StreamFailures.tooManyStreams();
		}
		return StreamFailures.of(failure);
	}

	/** Why a server cannot listen. */
	static ProtocolException bindFailed(Throwable failure, Object address) {
		String hint = Causes.find(failure, BindException.class) != null
				? "; is the port in use, or the address not of this machine?" : "";
		return new ProtocolException(ErrorCode.INVALID_CONFIGURATION,
				"Cannot listen on " + address + " (UDP): " + StreamFailures.text(failure) + hint, failure);
	}

}
