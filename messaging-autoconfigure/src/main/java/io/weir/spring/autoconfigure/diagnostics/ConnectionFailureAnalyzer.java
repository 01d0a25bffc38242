package io.weir.spring.autoconfigure.diagnostics;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.weir.client.WeirException;

/** Analyses failures of the client that keep an application from starting. */
final class ConnectionFailureAnalyzer extends AbstractFailureAnalyzer<WeirException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, WeirException cause) {
		String action = action(cause);
		return (action != null)
				? new FailureAnalysis("The Weir client failed with " + cause.getMessage(), action, cause) : null;
	}

	private static @Nullable String action(WeirException cause) {
		return switch (cause.code()) {
			case UNREACHABLE, TIMEOUT -> """
					Check that the broker runs and that 'weir.client.service-url' leads to it. \
					QUIC uses UDP: check that no firewall or container network blocks the UDP port. \
					To start without a broker, set 'weir.client.startup-failure-policy' to 'retry'.""";
			case UNTRUSTED_CERTIFICATE -> """
					Trust the broker's certificate with an SSL bundle, named by 'weir.client.ssl.bundle'; \
					or, for a self-signed certificate in development, put the SHA-256 that the broker \
					prints when it starts into 'weir.client.ssl.fingerprint'.""";
			case UNAUTHENTICATED -> "Check 'weir.client.auth.token'.";
			case UNAUTHORIZED -> "Have the broker's authorizer grant it, or use what this client may use.";
			case UNSUPPORTED_VERSION -> "Use versions of the client and the broker that speak the same protocol.";
			case INVALID_CONFIGURATION -> "Correct the configuration of the client, 'weir.client'.";
			default -> null;
		};
	}

}
