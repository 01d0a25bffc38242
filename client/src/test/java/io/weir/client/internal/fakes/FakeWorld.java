package io.weir.client.internal.fakes;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.weir.client.internal.connection.AddressRotation;
import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.connection.ConnectionSettings;
import io.weir.client.internal.connection.ServiceUrl;
import io.weir.client.internal.connection.SessionOpener;
import io.weir.time.Backoff;
import io.weir.transport.Connection;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.fakes.FakeConnection;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * A connection manager among fakes: all happens on the test's thread, when the test says.
 */
public final class FakeWorld {

	private final ManualTimer timer = new ManualTimer();

	private final FakeBroker broker = new FakeBroker();

	private final List<FakeConnection> connections = new ArrayList<>();

	private final List<FakePool> pools = new ArrayList<>();

	private final List<InetSocketAddress> attempts = new ArrayList<>();

	private final Deque<ErrorCode> connectFailures = new ArrayDeque<>();

	private final Map<String, List<String>> names = new HashMap<>(Map.of("broker", List.of("10.0.0.1")));

	private final List<String> states = new ArrayList<>();

	private final Set<InetSocketAddress> down = new HashSet<>();

	private final ConnectionManager manager;

	private int maxStreams = 100;

	private boolean reachable = true;

	private int failingThreads;

	public FakeWorld() {
		this("weir://broker:1");
	}

	public FakeWorld(String serviceUrl) {
		this(serviceUrl, Duration.ofSeconds(30));
	}

	/** The broker may take so long, by the real clock, to answer CONNECT. */
	public FakeWorld(String serviceUrl, Duration connectTimeout) {
		SessionOpener opener = new SessionOpener(this::connect, (name, connection) -> {
			FakePool pool = new FakePool(name, connection, this.maxStreams);
			this.pools.add(pool);
			return pool;
		}, (control, interval) -> {
		}, new Frame.Connect("test", null), connectTimeout);
		this.manager = new ConnectionManager(new ConnectionSettings("weir-0", serviceUrl, 0, 100), opener,
				new AddressRotation(ServiceUrl.parse(serviceUrl).addresses(), this::resolve), backoff(), this.timer,
				this::runBlocking, (connection) -> this.states.add(connection.state().getClass().getSimpleName()));
	}

	private void runBlocking(Runnable task) {
		if (this.failingThreads > 0) {
			this.failingThreads--;
			throw new OutOfMemoryError("unable to create native thread, on purpose");
		}
		task.run();
	}

	/** For so many tasks that may block there is no thread. */
	public void failThreads(int count) {
		this.failingThreads = count;
	}

	/** Without jitter: 100, 200, 400 … milliseconds. */
	public Backoff backoff() {
		return new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), () -> 1);
	}

	private CompletionStage<Connection> connect(InetSocketAddress address, StreamAcceptor streams) {
		this.attempts.add(address);
		ErrorCode failure = this.connectFailures.poll();
		if (failure != null || !this.reachable || this.down.contains(address)) {
			return CompletableFuture.failedStage(
					new ProtocolException((failure != null) ? failure : ErrorCode.UNREACHABLE, "failed by the test"));
		}
		FakeConnection connection = FakeConnection.ofClient(address, streams, this.broker);
		this.connections.add(connection);
		return CompletableFuture.completedStage(connection);
	}

	private List<InetAddress> resolve(String host) throws UnknownHostException {
		List<InetAddress> addresses = new ArrayList<>();
		for (String address : this.names.getOrDefault(host, List.of())) {
			addresses.add(InetAddress.getByAddress(host, InetAddress.getByName(address).getAddress()));
		}
		if (addresses.isEmpty()) {
			throw new UnknownHostException(host);
		}
		return addresses;
	}

	/** What a host's name stands for from now on; nothing, and it is unknown. */
	public void name(String host, String... addresses) {
		this.names.put(host, List.of(addresses));
	}

	/** The next attempts fail with these codes. */
	public void failConnects(ErrorCode... codes) {
		this.connectFailures.addAll(List.of(codes));
	}

	/** Whether attempts to connect succeed. */
	public void reachable(boolean reachable) {
		this.reachable = reachable;
	}

	/** Whether attempts to connect to an address succeed. */
	public void reachable(String address, int port, boolean reachable) {
		InetSocketAddress socket = new InetSocketAddress(address, port);
		if (reachable) {
			this.down.remove(socket);
		}
		else {
			this.down.add(socket);
		}
	}

	/** The names of the connection's states so far. */
	public List<String> states() {
		return this.states;
	}

	public void maxStreams(int maxStreams) {
		this.maxStreams = maxStreams;
	}

	/** Breaks the present connection and lets the client come back. */
	public void reconnect() {
		connection().breakDown(ErrorCode.CONNECTION_LOST);
		this.timer.advance(Duration.ofSeconds(1));
	}

	public ConnectionManager manager() {
		return this.manager;
	}

	public ManualTimer timer() {
		return this.timer;
	}

	public FakeBroker broker() {
		return this.broker;
	}

	/** The addresses that were tried, in order. */
	public List<InetSocketAddress> attempts() {
		return this.attempts;
	}

	/** All connections that came up, in order. */
	public List<FakeConnection> connections() {
		return this.connections;
	}

	/** The last connection that came up. */
	public FakeConnection connection() {
		return this.connections.get(this.connections.size() - 1);
	}

	/** The pool of the last connection that came up. */
	public FakePool pool() {
		return this.pools.get(this.pools.size() - 1);
	}

}
