package io.weir.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.connection.ServiceUrl;
import io.weir.pool.PoolListener;
import io.weir.setting.Require;
import io.weir.time.DurationRange;
import io.weir.transport.tls.ClientTls;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;

/** Checks and gathers the settings of a client. */
final class DefaultWeirClientBuilder implements WeirClientBuilder {

	private static final Logger logger = LoggerFactory.getLogger(WeirClient.class);

	/**
	 * A shorter one takes every pause of either side for a loss; brokers end a connection
	 * that was silent for 30 seconds.
	 */
	static final DurationRange HEARTBEAT_INTERVAL = new DurationRange(Duration.ofMillis(100), Duration.ofSeconds(20));

	private ServiceUrl serviceUrl = ServiceUrl.parse("weir://localhost:" + Limits.DEFAULT_PORT);

	private String name = "client-" + ProcessHandle.current().pid();

	private int connections = 1;

	private @Nullable Supplier<TrustManagerFactory> trust;

	private @Nullable Supplier<String> fingerprint;

	private @Nullable Supplier<KeyManagerFactory> certificate;

	private boolean insecure;

	private @Nullable String token;

	private Duration connectTimeout = Duration.ofSeconds(5);

	private Duration heartbeatInterval = Duration.ofSeconds(10);

	private StreamPoolSettings pool = StreamPoolSettings.DEFAULTS;

	private String poolNamePrefix = "weir";

	private @Nullable Function<String, PoolListener> poolListener;

	private @Nullable Executor callbackExecutor;

	private @Nullable Carrier carrier;

	private final List<ConnectionListener> connectionListeners = new ArrayList<>();

	@Override
	public WeirClientBuilder serviceUrl(String serviceUrl) {
		Objects.requireNonNull(serviceUrl, "serviceUrl");
		this.serviceUrl = ServiceUrl.parse(serviceUrl);
		return this;
	}

	@Override
	public WeirClientBuilder name(String name) {
		this.name = Require.name("name", Limits.MAX_NAME_BYTES, name);
		return this;
	}

	@Override
	public WeirClientBuilder connections(int connections) {
		this.connections = Require.atLeast("connections", 1, connections);
		return this;
	}

	@Override
	public WeirClientBuilder trust(Supplier<TrustManagerFactory> trust) {
		Objects.requireNonNull(trust, "trust");
		this.trust = trust;
		return this;
	}

	@Override
	public WeirClientBuilder fingerprint(String sha256) {
		ClientTls.pinned(sha256); // refuses what is none
		return fingerprint(() -> sha256);
	}

	@Override
	public WeirClientBuilder fingerprint(Supplier<String> sha256) {
		Objects.requireNonNull(sha256, "sha256");
		this.fingerprint = sha256;
		return this;
	}

	@Override
	public WeirClientBuilder certificate(Supplier<KeyManagerFactory> certificate) {
		Objects.requireNonNull(certificate, "certificate");
		this.certificate = certificate;
		return this;
	}

	@Override
	public WeirClientBuilder insecure() {
		this.insecure = true;
		return this;
	}

	@Override
	public WeirClientBuilder token(String token) {
		this.token = Require.notBlank("token", token);
		return this;
	}

	@Override
	public WeirClientBuilder connectTimeout(Duration timeout) {
		this.connectTimeout = DurationRange.FROM_ONE_MILLISECOND_TO_24_DAYS.check("connectTimeout", timeout);
		return this;
	}

	@Override
	public WeirClientBuilder heartbeatInterval(Duration interval) {
		this.heartbeatInterval = HEARTBEAT_INTERVAL.check("heartbeatInterval", interval);
		return this;
	}

	@Override
	public WeirClientBuilder pool(StreamPoolSettings settings) {
		Objects.requireNonNull(settings, "settings");
		this.pool = settings;
		return this;
	}

	@Override
	public WeirClientBuilder poolNamePrefix(String prefix) {
		this.poolNamePrefix = Require.notBlank("poolNamePrefix", prefix);
		return this;
	}

	@Override
	public WeirClientBuilder poolListener(Function<String, PoolListener> listeners) {
		Objects.requireNonNull(listeners, "listeners");
		this.poolListener = listeners;
		return this;
	}

	@Override
	public WeirClientBuilder connectionListener(ConnectionListener listener) {
		Objects.requireNonNull(listener, "listener");
		this.connectionListeners.add(listener);
		return this;
	}

	@Override
	public WeirClientBuilder callbackExecutor(Executor executor) {
		this.callbackExecutor = Objects.requireNonNull(executor, "executor");
		return this;
	}

	/** Sets what carries connections, for tests that want no network. */
	DefaultWeirClientBuilder carrier(Carrier carrier) {
		this.carrier = carrier;
		return this;
	}

	private Carrier carrier() {
		if (this.carrier != null) {
			return this.carrier;
		}
		return this.serviceUrl.inProcess() ? Carrier.IN_PROCESS : Carrier.QUIC;
	}

	@Override
	public WeirClient build() {
		List<String> trusted = new ArrayList<>();
		if (this.trust != null) {
			trusted.add("trust");
		}
		if (this.fingerprint != null) {
			trusted.add("fingerprint");
		}
		if (this.insecure) {
			trusted.add("insecure");
		}
		if (trusted.size() > 1) {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION,
					"At most one of trust, fingerprint and insecure is allowed, but these are set: "
							+ String.join(", ", trusted));
		}
		if (this.insecure) {
			logger
				.warn("Client '{}' accepts any certificate (insecure): whoever is on the way to {} can read and change "
						+ "everything. Trust the broker's certificate instead", this.name, this.serviceUrl);
		}
		// Who is in the same JVM need not show who it is.
		boolean anyCertificate = this.insecure || (this.serviceUrl.inProcess() && trusted.isEmpty());
		return new DefaultWeirClient(new ClientSettings(this.serviceUrl, this.name, this.connections, this.trust,
				this.fingerprint, anyCertificate, this.certificate, this.token, this.connectTimeout,
				this.heartbeatInterval, this.pool, this.poolNamePrefix, this.poolListener,
				List.copyOf(this.connectionListeners), this.callbackExecutor, carrier()));
	}

}
