package io.weir.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.netty.util.IllegalReferenceCountException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import io.weir.broker.Broker;
import io.weir.fixtures.memory.ShortMemory;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Client and broker in one JVM, in which each allocation on the way of a message fails
 * once, on either side: nothing is released twice, kept, lost or stored twice, nobody
 * waits for ever, and all goes on by itself. What leaks is found by
 * {@code LeakExtension}.
 */
@Timeout(300)
class ShortMemoryEndToEndTest {

	/** The last one goes in fragments. */
	private static final int[] SIZES = { 10, 5_000, 40_000 };

	/**
	 * How many messages go together differs, and so does the number of allocations: so
	 * many rounds in a row without a failure are the last ones.
	 */
	private static final int QUIET_ROUNDS = 3;

	/** Less than the send timeout: nothing is to need that. */
	private static final Duration SOON = Duration.ofSeconds(20);

	private final Queue<String> doubleReleases = new ConcurrentLinkedQueue<>();

	private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			for (IThrowableProxy at = event.getThrowableProxy(); at != null; at = at.getCause()) {
				if (at.getClassName().equals(IllegalReferenceCountException.class.getName())) {
					ShortMemoryEndToEndTest.this.doubleReleases.add(event.getLoggerName() + ": "
							+ event.getFormattedMessage() + " " + at.getStackTraceElementProxyArray()[0]);
				}
			}
		}

	};

	private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

	// Added to by callbacks.
	private final Set<String> stored = new ConcurrentSkipListSet<>();

	private final Set<String> failed = new ConcurrentSkipListSet<>();

	private final Set<String> received = new ConcurrentSkipListSet<>();

	@TempDir
	private Path directory;

	private Broker broker;

	private WeirClient client;

	private Consumer<byte[]> consumer;

	private Producer<byte[]> producer;

	@BeforeEach
	void listen() {
		this.log.start();
		this.root.addAppender(this.log);
	}

	@AfterEach
	void close() {
		ShortMemory.stopFailing();
		this.client.close();
		this.broker.close();
		this.root.detachAppender(this.log);
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void nothingIsLostDoubledOrReleasedTwiceWhicheverAllocationFails(SubscriptionType type, Compression compression,
			boolean durable) {
		var builder = Broker.builder().port(0);
		this.broker = (durable ? builder.dataDirectory(this.directory) : builder).build().start();
		connect(type, compression);
		keepWhatIsAcknowledged();
		int round = 0;
		for (int quiet = 0; quiet < QUIET_ROUNDS; round++) {
			ShortMemory.failAt(round);
			publish("fails " + round);
			receiveAll(round);
			quiet = ShortMemory.stopFailing() ? 0 : quiet + 1;
			publish("works " + round);
			assertThat(this.failed).as("sends that fail with memory enough: %s", trouble(round))
				.noneMatch((key) -> key.startsWith("works"));
			receiveAll(round);
			assertThat(this.doubleReleases).as("double releases: %s", trouble(round)).isEmpty();
			if (type == SubscriptionType.SHARED) {
				// Each failure ended the connection, and with each a client waits longer.
				this.client.close();
				connect(type, compression);
			}
		}
		assertThat(round).as("rounds").isGreaterThan(QUIET_ROUNDS * SIZES.length);
		List<String> inTheLog = readAll();
		assertThat(inTheLog).doesNotHaveDuplicates().containsAll(this.stored);
		inTheLog.removeAll(this.stored);
		assertThat(this.failed).as("what nobody sent").containsAll(inTheLog);
	}

	static List<Arguments> combinations() {
		if (System.getProperty("chaos.duration") == null) {
			return List.of(Arguments.of(SubscriptionType.EXCLUSIVE, Compression.NONE, true),
					Arguments.of(SubscriptionType.SHARED, Compression.NONE, false),
					Arguments.of(SubscriptionType.KEY_SHARED, Compression.ZSTD, true));
		}
		List<Arguments> all = new ArrayList<>();
		for (SubscriptionType type : SubscriptionType.values()) {
			for (Compression compression : Compression.values()) {
				all.add(Arguments.of(type, compression, true));
				all.add(Arguments.of(type, compression, false));
			}
		}
		return all;
	}

	private static String trouble(int round) {
		return "round " + round + ", what failed last was " + ShortMemory.lastFailure();
	}

	private void connect(SubscriptionType type, Compression compression) {
		this.client = WeirClient.builder()
			.serviceUrl("weir://127.0.0.1:" + this.broker.address().getPort())
			.insecure()
			.build();
		this.consumer = this.client.consumer(Schema.bytes())
			.topic("t")
			.subscription("s")
			.subscriptionType(type)
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
		this.producer = this.client.producer(Schema.bytes()).topic("t").compression(compression).create();
	}

	/** Else it would go after half a minute, and could not be read at the end. */
	private void keepWhatIsAcknowledged() {
		this.client.consumer(Schema.bytes())
			.topic("t")
			.subscription("keeping")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe()
			.close();
	}

	/** Waits for the outcomes, which are one or the other. */
	private void publish(String round) {
		List<CompletableFuture<?>> sends = new ArrayList<>();
		for (int size : SIZES) {
			String key = round + " " + size;
			sends.add(this.producer.message(payload(size))
				.key(key)
				.sendAsync()
				.handle((id, failure) -> ((failure != null) ? this.failed : this.stored).add(key)));
		}
		join(sends, "sends of " + round);
	}

	/** Receives what was stored, and acknowledges it. */
	private void receiveAll(int round) {
		List<CompletableFuture<?>> acknowledgements = new ArrayList<>();
		while (!this.received.containsAll(this.stored)) {
			Message<byte[]> message = this.consumer.receive(SOON);
			assertThat(message).as("a message: %s", trouble(round)).isNotNull();
			this.received.add(String.valueOf(message.key()));
			acknowledgements.add(this.consumer.acknowledgeAsync(message.id()));
		}
		join(acknowledgements, "acknowledgements in round " + round);
	}

	/** Half of it random, so that it can be compressed a little. */
	private static byte[] payload(int size) {
		byte[] payload = new byte[size];
		byte[] random = new byte[size / 2];
		new Random(size).nextBytes(random);
		System.arraycopy(random, 0, payload, 0, random.length);
		return payload;
	}

	private static void join(List<CompletableFuture<?>> outcomes, String what) {
		assertThat(CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)))
			.as("%s; what failed last was %s", what, ShortMemory.lastFailure())
			.succeedsWithin(SOON.toSeconds(), TimeUnit.SECONDS);
	}

	private List<String> readAll() {
		List<String> keys = new ArrayList<>();
		try (Reader<byte[]> reader = this.client.reader(Schema.bytes())
			.topic("t")
			.startAt(InitialPosition.EARLIEST)
			.create()) {
			while (!keys.containsAll(this.stored)) {
				Message<byte[]> next = reader.read(SOON);
				assertThat(next).as("a message that was stored").isNotNull();
				keys.add(String.valueOf(next.key()));
			}
		}
		return keys;
	}

}
