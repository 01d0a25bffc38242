package io.weir.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.weir.client.internal.callback.CallbackExecutor;
import io.weir.client.internal.callback.CallbackQueue;
import io.weir.client.internal.connection.AddressRotation;
import io.weir.client.internal.connection.AddressRotation.HostResolver;
import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.connection.ConnectionSettings;
import io.weir.client.internal.connection.SessionOpener;
import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.ThreadTimer;
import io.weir.concurrent.DaemonThreads;
import io.weir.pool.Pool;
import io.weir.pool.PoolBuilder;
import io.weir.pool.PoolListener;
import io.weir.time.Backoff;
import io.weir.transport.Connection;
import io.weir.transport.Heartbeat;
import io.weir.transport.RequestStream;
import io.weir.transport.StreamLifecycle;
import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;
import io.weir.transport.tls.ClientTls;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression;

/** The threads of a client and what runs on them, made from its settings. */
final class ClientRuntime implements AutoCloseable {

	static final String THREADS = "weir-client-";

	private static final Duration MIN_IDLE_TIMEOUT = Duration.ofSeconds(3);

	/** How long resolving a name may hold up the end; its thread is a daemon. */
	private static final int BLOCKING_SECONDS = 1;

	private final ClientSettings settings;

	private final Transport transport;

	private final ThreadTimer timer;

	private final ExecutorService blocking;

	private final CallbackExecutor callbacks;

	private final ConnectionListeners listeners;

	private final Supplier<ClientTls> tls;

	/**
	 * Creates the runtime.
	 * @throws WeirException {@code INVALID_CONFIGURATION} if there is no native QUIC
	 * library for this platform
	 */
	ClientRuntime(ClientSettings settings) {
		this.settings = settings;
		this.tls = new Trust(settings);
		String prefix = THREADS + settings.name() + "-";
		try {
			this.transport = settings.carrier()
				.open(TransportOptions.DEFAULTS.withThreads(settings.connections())
					.withMaxMessageSize(Limits.MAX_MESSAGE_SIZE)
					.withConnectTimeout(settings.connectTimeout())
					.withIdleTimeout(idleTimeout(settings.heartbeatInterval())), prefix + "io");
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
		this.timer = new ThreadTimer(prefix + "timer");
		this.blocking = newBlockingExecutor(prefix + "connect", settings.connections());
		this.callbacks = new CallbackExecutor(settings.callbackExecutor(), prefix + "callback");
		this.listeners = new ConnectionListeners(settings.connectionListeners(),
				newCallbackQueue("the connection listeners of client '" + settings.name() + "'"));
	}

	/**
	 * QUIC's own timeout must outlast the silence between two pings, and should be over
	 * before messages in flight time out: a broker that was killed says nothing, and the
	 * one that takes its place cannot tell that there was a connection.
	 */
	private static Duration idleTimeout(Duration heartbeatInterval) {
		Duration timeout = heartbeatInterval.multipliedBy(3).dividedBy(2);
		return (timeout.compareTo(MIN_IDLE_TIMEOUT) > 0) ? timeout : MIN_IDLE_TIMEOUT;
	}

	/** Has threads only while there is something to do. */
	private static ExecutorService newBlockingExecutor(String threadName, int threads) {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(threads, threads, 1, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), DaemonThreads.named(threadName));
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	CallbackQueue newCallbackQueue(String what) {
		return new CallbackQueue(what, this.callbacks, this.timer);
	}

	ClientTimer timer() {
		return this.timer;
	}

	List<ConnectionManager> newConnections() {
		SessionOpener opener = new SessionOpener(
				(address, streams) -> this.transport.connect(address, this.tls.get(), streams), this::newPool,
				(control, longest) -> Heartbeat.start(control, shorter(this.settings.heartbeatInterval(), longest)),
				new Frame.Connect(this.settings.name(), this.settings.token(),
						Feature.of(BatchCompression.available())),
				this.settings.connectTimeout());
		return IntStream.range(0, this.settings.connections())
			.mapToObj((number) -> newConnection(this.settings.poolNamePrefix() + "-" + number, opener))
			.toList();
	}

	/** For a connection, a producer or a consumer that failed. */
	static Backoff newBackoff() {
		return Backoff.random(Duration.ofMillis(100), Duration.ofSeconds(10));
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private ConnectionManager newConnection(String poolName, SessionOpener opener) {
		var names = new ConnectionSettings(poolName, this.settings.serviceUrl().text(), this.settings.pool().minSize(),
				this.settings.pool().maxSize());
		AddressRotation addresses = new AddressRotation(this.settings.serviceUrl().addresses(), HostResolver.JVM);
		return new ConnectionManager(names, opener, addresses, newBackoff(), this.timer, this.blocking, this.listeners);
	}

	private Pool<RequestStream> newPool(String name, Connection connection) {
		StreamPoolSettings streams = this.settings.pool();
		PoolBuilder<RequestStream> builder = Pool
			.builder(new StreamLifecycle(connection, this.settings.connectTimeout()))
			.name(name)
			.minSize(streams.minSize())
			.maxSize(streams.maxSize())
			.initialSize(streams.initialSize())
			.maxIdleTime(streams.maxIdleTime())
			.maxLifetime(streams.maxLifetime())
			.validationInterval(streams.validationInterval())
			.borrowTimeout(streams.borrowTimeout())
			.leakDetectionThreshold(streams.leakDetectionThreshold())
			.strictFifo(streams.strictFifo());
		Function<String, PoolListener> listeners = this.settings.poolListener();
		return ((listeners != null) ? builder.listener(listeners.apply(name)) : builder).build();
	}

	/** Ends what is left at once, after an attempt to connect that is just beginning. */
	@Override
	public void close() {
		this.blocking.shutdownNow();
		try {
			this.blocking.awaitTermination(BLOCKING_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.transport.close();
		this.timer.close();
		this.listeners.close();
		this.callbacks.close();
	}

}
