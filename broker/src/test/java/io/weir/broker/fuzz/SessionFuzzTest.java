package io.weir.broker.fuzz;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.engine.runtime.EngineClock;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.security.BrokerSecurity;
import io.weir.broker.session.SessionSettings;
import io.weir.broker.session.Sessions;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients say whatever they like, damaged or out of order, to sessions over a real
 * engine. Each request is answered once or its stream ends, a well-behaved client is not
 * disturbed, and nothing is left when they are gone.
 */
class SessionFuzzTest {

	/** The same in each build; {@code -Dweir.fuzz.seed=…} says other things. */
	private static final long SEED = Long.getLong("weir.fuzz.seed", 1);

	private static final long MILLIS = Long.getLong("weir.fuzz.millis", 3000);

	private static final int STEPS_PER_ROUND = 500;

	private static final int CONNECTIONS = 3;

	private final Random random = new Random(SEED);

	private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(true, true);

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final Engine engine = new Engine(this.store, 2, EngineClock.of(System::currentTimeMillis, System::nanoTime),
			Budgets.unlimited(), 64_000_000, PolicyDefaults.none(), (error) -> {
			});

	private final ClientSessions registry = new ClientSessions();

	private final Sessions sessions = new Sessions(
			new SessionSettings("broker", 4000, 16_000, Budgets.unlimited(), BrokerSecurity.NONE), this.engine::submit,
			this.registry);

	private final Conversation conversation = new Conversation(this.random, this.alloc);

	private final List<HostileConnection> connections = new ArrayList<>();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Logger root = (Logger) LoggerFactory.getLogger("io.weir");

	@BeforeEach
	void listen() {
		this.engine.start(this.registry);
		this.log.list = new CopyOnWriteArrayList<>();
		this.log.start();
		this.root.addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		this.root.detachAppender(this.log);
		this.sessions.close();
		this.engine.close();
		this.store.close();
	}

	@Test
	@Timeout(120)
	void whateverClientsSayEachIsAnsweredOrEndedAndNobodyElseHarmed() {
		long steps = 0;
		try {
			GoodClient good = new GoodClient(this.sessions, this.alloc);
			long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
			do {
				for (int i = 0; i < STEPS_PER_ROUND; i++, steps++) {
					step();
				}
				settle();
				good.publish();
				settle();
				// What it is to read comes to the engine as the store has it.
				await().pollInSameThread()
					.pollDelay(Duration.ZERO)
					.atMost(Duration.ofSeconds(30))
					.untilAsserted(good::check);
			}
			while (System.nanoTime() < end);
			leave(good);
		}
		catch (Throwable ex) {
			throw new AssertionError("After " + steps + " steps, with -Dweir.fuzz.seed=" + SEED + ": " + ex, ex);
		}
		assertThat(steps).isGreaterThanOrEqualTo(STEPS_PER_ROUND);
	}

	private void step() {
		this.connections.removeIf((connection) -> !connection.isOpen());
		while (this.connections.size() < CONNECTIONS) {
			HostileConnection opened = new HostileConnection(this.sessions, this.alloc);
			this.connections.add(opened);
			if (this.random.nextInt(20) > 0) {
				opened.open().receive(this.conversation.hello());
			}
		}
		HostileConnection connection = this.connections.get(this.random.nextInt(CONNECTIONS));
		connection.runEventLoop();
		List<HostileStream> streams = connection.streams();
		if (streams.size() < 4 && (streams.isEmpty() || this.random.nextInt(8) == 0)) {
			connection.open();
		}
		streams = connection.streams();
		HostileStream stream = streams.get(this.random.nextInt(streams.size()));
		if (stream.isReading()) {
			stream.receive(this.conversation.next());
		}
		if (stream.isOpen() && (this.random.nextInt(200) == 0 || stream.hasRest())) {
			stream.end(null);
		}
		if (this.random.nextInt(1000) == 0) {
			connection.close(ErrorCode.CONNECTION_LOST, "cut off");
		}
	}

	/** Everything that was asked is answered, by threads that live. */
	private void settle() {
		this.connections.forEach(HostileConnection::runEventLoop);
		this.engine.drain().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
		this.engine.snapshot().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
		// What the store has to do first comes back to the engine, perhaps more than
		// once.
		await().pollInSameThread().atMost(Duration.ofSeconds(30)).untilAsserted(this::checkThatAllIsAnswered);
		assertThat(this.log.list).as("what the broker calls an error")
			.filteredOn((event) -> event.getLevel().isGreaterOrEqual(Level.ERROR))
			.isEmpty();
	}

	private void checkThatAllIsAnswered() {
		this.connections.forEach(HostileConnection::runEventLoop);
		this.connections.stream()
			.filter(HostileConnection::isOpen)
			.flatMap((connection) -> connection.streams().stream())
			.forEach((stream) -> assertThat(stream.missing()).as("answers missing on an open stream").isEmpty());
	}

	private void leave(GoodClient good) {
		this.connections.forEach((connection) -> connection.close(ErrorCode.NONE, "done"));
		this.connections.clear();
		settle();
		assertThat(this.sessions.count()).as("sessions").isOne();
		for (TopicSnapshot topic : this.engine.snapshot().toCompletableFuture().join()) {
			assertThat(topic.producers()).as("producers of %s", topic.name())
				.hasSize(topic.name().equals(GoodClient.TOPIC) ? 1 : 0);
			assertThat(topic.subscriptions()).filteredOn((each) -> !each.name().equals(GoodClient.NAME))
				.allSatisfy((each) -> assertThat(each.consumers()).as("consumers of %s", each.name()).isEmpty());
		}
		good.close();
		this.engine.close();
		assertThat(this.alloc.metric().usedDirectMemory() + this.alloc.metric().usedHeapMemory())
			.as("bytes in buffers that nobody released")
			.isZero();
	}

}
