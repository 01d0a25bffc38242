package io.weir.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.fixtures.ServerPorts;
import io.weir.fixtures.UdpRelay;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.pool.PoolStats;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Connections are lost under load, again and again, and nothing is left of them. */
@Timeout(600)
class ReconnectTest {

	/** {@code -Dreconnects=…} makes more of them. */
	private static final int RECONNECTS = Integer.getInteger("reconnects", 500);

	private static final int CONNECTIONS = 50;

	/**
	 * One round in so many loses the connections to a black hole, the others to a
	 * restart.
	 */
	private static final int BLACK_HOLE_EVERY = 5;

	private static final int IN_FLIGHT = 10;

	/** Netty's adaptive allocator takes memory in chunks of up to so many bytes. */
	private static final long CHUNK = 8L * 1024 * 1024;

	/**
	 * What the allocator keeps for reuse varies by this: two chunks for each core, one
	 * for each of the event loops of client and broker, and one that each of those works
	 * on. What is left of each connection would be more, from 128 KiB each on two cores;
	 * buffers that leak are found one by one: {@code LeakExtension}.
	 */
	private static final long MEMORY_TOLERANCE = (2L * Runtime.getRuntime().availableProcessors() + 4) * CHUNK;

	private static final Duration SOON = Duration.ofSeconds(60);

	private final List<Producer<byte[]>> producers = new ArrayList<>();

	private final List<AtomicLong> stored = new ArrayList<>();

	private final AtomicInteger inFlight = new AtomicInteger();

	/** Why sends failed; that they took too long on a slow machine is no reason. */
	private final Map<ErrorCode, Throwable> failures = new ConcurrentHashMap<>();

	/** Of each connection, how often it came up. */
	private final Map<String, Integer> ready = new ConcurrentHashMap<>();

	private volatile boolean loaded;

	private Broker broker;

	private int port;

	private UdpRelay relay;

	private WeirClient client;

	@BeforeEach
	void start() {
		this.broker = Broker.builder().port(ServerPorts.free()).build().start();
		this.port = this.broker.address().getPort();
		this.relay = UdpRelay.to(new InetSocketAddress("127.0.0.1", this.port)).start();
		this.client = WeirClient.builder()
			.serviceUrl("weir://127.0.0.1:" + this.relay.address().getPort())
			.insecure()
			.connections(CONNECTIONS)
			.heartbeatInterval(Duration.ofMillis(200))
			.connectionListener(this::countReady)
			.build();
		for (int i = 0; i < CONNECTIONS; i++) {
			this.producers.add(this.client.producer(Schema.bytes())
				.topic("t" + i % 3)
				.ordering(Ordering.values()[i % Ordering.values().length])
				.create());
			this.stored.add(new AtomicLong());
		}
	}

	@AfterEach
	void stop() {
		this.loaded = false;
		this.client.close();
		this.relay.close();
		this.broker.close();
	}

	@Test
	void hundredsOfReconnectsUnderLoadLeaveNothingBehind() {
		Consumer<byte[]> consumer = this.client.consumer(Schema.bytes())
			.topic("t0")
			.subscription("s")
			.subscriptionType(SubscriptionType.SHARED)
			.subscribe();
		CompletableFuture<Void> consuming = CompletableFuture.runAsync(() -> consume(consumer),
				(task) -> new Thread(task, "consuming").start());
		lose(1);
		lose(BLACK_HOLE_EVERY);
		rest();
		Map<String, Integer> leases = leases();
		long threads = threads();
		long memory = memory();
		await("listeners that know of the first sessions").atMost(SOON)
			.untilAsserted(() -> assertThat(this.ready.values()).hasSize(CONNECTIONS).allMatch((count) -> count >= 3));
		Map<String, Integer> readyBefore = Map.copyOf(this.ready);
		int rounds = (RECONNECTS + CONNECTIONS - 1) / CONNECTIONS;
		for (int round = 1; round <= rounds; round++) {
			lose(round);
		}
		rest();
		await("reconnects").atMost(SOON)
			.untilAsserted(() -> assertThat(reconnectsSince(readyBefore)).satisfies((each) -> {
				assertThat(each.values()).hasSize(CONNECTIONS).allMatch((count) -> count >= rounds);
				assertThat(each.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThanOrEqualTo(RECONNECTS);
			}));
		await("leases").atMost(SOON).untilAsserted(() -> assertThat(leases()).isEqualTo(leases));
		await("threads").atMost(SOON).untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(threads));
		await("threads of callbacks").atMost(SOON).until(() -> threads((name) -> name.endsWith("-callback")) == 0);
		await("memory").atMost(SOON)
			.untilAsserted(() -> assertThat(memory()).isLessThanOrEqualTo(memory + MEMORY_TOLERANCE));
		await("the broker's connections").atMost(SOON)
			.untilAsserted(() -> assertThat(this.broker.stats().connections()).isEqualTo(CONNECTIONS));
		consumer.close();
		assertThat(consuming).succeedsWithin(SOON);
	}

	private void countReady(ConnectionInfo connection) {
		if (connection.state() == ConnectionState.READY) {
			this.ready.merge(connection.name(), 1, Integer::sum);
		}
	}

	private Map<String, Integer> reconnectsSince(Map<String, Integer> before) {
		Map<String, Integer> since = new TreeMap<>();
		this.ready.forEach((name, count) -> since.put(name, count - before.getOrDefault(name, 0)));
		return since;
	}

	/** All connections break while messages are under way, and all come back. */
	private void lose(int round) {
		if (!this.loaded) {
			this.loaded = true;
			for (int i = 0; i < CONNECTIONS * IN_FLIGHT; i++) {
				send(i % CONNECTIONS);
			}
		}
		awaitProgress();
		if (round % BLACK_HOLE_EVERY == 0) {
			this.relay.blackHole(true);
			await("the clients behind the black hole").atMost(SOON)
				.until(() -> this.client.state() != ConnectionState.READY);
			this.relay.blackHole(false);
		}
		else {
			this.broker.close();
			this.broker = Broker.builder().port(this.port).build().start();
		}
		awaitProgress();
	}

	private void send(int index) {
		this.inFlight.incrementAndGet();
		this.producers.get(index).sendAsync(new byte[500]).whenComplete((id, failure) -> {
			if (failure == null) {
				this.stored.get(index).incrementAndGet();
			}
			else if (WeirException.from(failure).code() != ErrorCode.TIMEOUT) {
				this.failures.putIfAbsent(WeirException.from(failure).code(), failure);
			}
			this.inFlight.decrementAndGet();
			if (this.loaded) {
				send(index);
			}
		});
	}

	/** Each connection carries messages again. */
	private void awaitProgress() {
		List<Long> before = this.stored.stream().map(AtomicLong::get).toList();
		await("progress on each connection").atMost(SOON).until(() -> {
			assertThat(this.failures).isEmpty();
			for (int i = 0; i < CONNECTIONS; i++) {
				if (this.stored.get(i).get() < before.get(i) + 2 * IN_FLIGHT) {
					return false;
				}
			}
			return true;
		});
	}

	/** Nothing is under way, and what was lent for it is returned. */
	private void rest() {
		this.loaded = false;
		await("what is in flight").atMost(SOON).until(() -> this.inFlight.get() == 0);
		assertThat(this.failures).isEmpty();
		Map<String, Integer> before = new TreeMap<>();
		await("returned leases").atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> isUnchanged(before));
	}

	private boolean isUnchanged(Map<String, Integer> before) {
		Map<String, Integer> now = leases();
		boolean unchanged = now.equals(before);
		before.clear();
		before.putAll(now);
		return unchanged;
	}

	private void consume(Consumer<byte[]> consumer) {
		try {
			while (true) {
				consumer.acknowledge(consumer.receive());
			}
		}
		catch (WeirException ex) {
			assertThat(ex.code()).isEqualTo(ErrorCode.CLOSED);
		}
	}

	/** Of each pool, the streams that are lent or waited for. */
	private Map<String, Integer> leases() {
		Map<String, Integer> leases = new TreeMap<>();
		for (Map.Entry<String, PoolStats> pool : this.client.pools().entrySet()) {
			leases.put(pool.getKey(), pool.getValue().active() + pool.getValue().pending());
		}
		return leases;
	}

	/** Those of callbacks come and go with what there is to tell. */
	private static long threads() {
		return threads((name) -> !name.endsWith("-callback"));
	}

	private static long threads(Predicate<String> which) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("weir-"))
			.filter(which)
			.count();
	}

	private static long memory() {
		return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
	}

}
