package io.weir.spring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How to connect.
 *
 * @param serviceUrl Address of the broker, weir://host[:port][,host[:port]...].
 * @param connections Number of QUIC connections, each on its own event loop.
 * @param ssl whom to trust
 * @param auth who we are
 * @param connectTimeout Time that one attempt to connect may take.
 * @param startupFailurePolicy What to do when the broker cannot be reached at start-up.
 * @param heartbeat how a dead connection is noticed
 * @param callbackExecutor Name of the Executor bean that runs callbacks: dependents of
 * the client's futures, and connection listeners. Without one, virtual threads or daemon
 * threads of the client's own.
 * @param pool the streams of each connection
 */
public record ClientProperties(@DefaultValue("weir://localhost:7750") String serviceUrl,
		@DefaultValue("1") int connections, @DefaultValue Ssl ssl, @DefaultValue Auth auth,
		@DefaultValue("5s") Duration connectTimeout, @DefaultValue("retry") StartupFailurePolicy startupFailurePolicy,
		@DefaultValue Heartbeat heartbeat, @Nullable String callbackExecutor, @DefaultValue Pool pool) {

	/** What to do when the broker cannot be reached at start-up. */
	public enum StartupFailurePolicy {

		/** Start, and go on trying in the background. */
		RETRY,

		/** Do not start. */
		FAIL

	}

	/**
	 * Whom to trust.
	 *
	 * @param bundle Name of the SSL bundle with the certificates to trust, and to show,
	 * reloaded live. Without one, the JVM's trust store.
	 * @param fingerprint SHA-256 of the one certificate to accept, in hex. For
	 * development, with a self-signed certificate.
	 * @param insecure Whether to accept any certificate, with a warning at each start.
	 */
	public record Ssl(@Nullable String bundle, @Nullable String fingerprint, @DefaultValue("false") boolean insecure) {
	}

	/**
	 * Who we are.
	 *
	 * @param token Credential that the broker asks for.
	 */
	public record Auth(@Nullable String token) {
	}

	/**
	 * How a dead connection is noticed.
	 *
	 * @param interval Time between two pings on a stream of their own. A broker that does
	 * not answer for three intervals is taken as lost.
	 */
	public record Heartbeat(@DefaultValue("10s") Duration interval) {
	}

	/**
	 * The streams of each connection.
	 *
	 * @param minSize Number of streams to keep open.
	 * @param maxSize Number of streams that may be open.
	 * @param initialSize Number of streams to open at first.
	 * @param maxIdleTime Time after which an idle stream is tested before it is used
	 * again, or closed if there are more than the minimum.
	 * @param maxLifetime Time after which a stream is replaced. 0 for never.
	 * @param validationInterval Time between two tests of the idle streams. 0 turns them
	 * off.
	 * @param borrowTimeout Time to wait for a stream.
	 * @param leakDetectionThreshold Time after which a stream that was not given back is
	 * reported. 0 turns it off.
	 * @param strictFifo Whether whoever waits for a stream is served strictly in order.
	 */
	public record Pool(@DefaultValue("2") int minSize, @DefaultValue("100") int maxSize,
			@DefaultValue("2") int initialSize, @DefaultValue("30s") Duration maxIdleTime,
			@DefaultValue("30m") Duration maxLifetime, @DefaultValue("5s") Duration validationInterval,
			@DefaultValue("5s") Duration borrowTimeout, @DefaultValue("0") Duration leakDetectionThreshold,
			@DefaultValue("false") boolean strictFifo) {
	}

}
