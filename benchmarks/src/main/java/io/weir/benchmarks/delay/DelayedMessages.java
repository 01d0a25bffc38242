package io.weir.benchmarks.delay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

import io.weir.broker.Broker;
import io.weir.broker.store.Durability;
import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.client.WhenFull;
import io.weir.fixtures.MutableClock;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

/**
 * A million delayed messages: what heap they take, how long a restart takes with them,
 * and how fast they come when they are due. Fails if one is lost, comes twice, or out of
 * order, or if the limits are missed.
 */
public final class DelayedMessages {

	/** They may take no more heap than so much beside what the broker takes anyway. */
	private static final long MAX_HEAP = 64L * 1024 * 1024;

	private static final Duration MAX_RESTART = Duration.ofSeconds(10);

	private static final Duration LONGEST_DELAY = Duration.ofHours(1);

	private final MutableClock clock = new MutableClock(Instant.parse("2030-01-01T00:00:00Z"));

	private final Path directory;

	private final int count;

	private boolean missed;

	private DelayedMessages(Path directory, int count) {
		this.directory = directory;
		this.count = count;
	}

	public static void main(String[] arguments) throws IOException {
		Path directory = Files.createTempDirectory("weir-delayed");
		try {
			DelayedMessages benchmark = new DelayedMessages(directory, Integer.parseInt(arguments[0]));
			benchmark.run();
			if (benchmark.missed) {
				throw new IllegalStateException("A limit was missed");
			}
		}
		finally {
			try (Stream<Path> files = Files.walk(directory)) {
				files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
			}
		}
	}

	private void run() {
		try (Broker broker = broker().start(); WeirClient client = client(broker)) {
			long before = heap();
			long start = System.nanoTime();
			publish(client);
			say("%,d messages stored, %,d a second", this.count, perSecond(start));
			check("heap that they take (MiB)", (heap() - before) >> 20, MAX_HEAP >> 20);
		}
		long start = System.nanoTime();
		try (Broker broker = broker().start(); WeirClient client = client(broker)) {
			Consumer<byte[]> consumer = client.consumer(Schema.bytes())
				.topic("delayed")
				.subscription("s")
				.initialPosition(InitialPosition.EARLIEST)
				.receiverQueueSize(10_000)
				.subscribe();
			check("restart until a consumer is subscribed (ms)", (System.nanoTime() - start) / 1_000_000,
					MAX_RESTART.toMillis());
			this.clock.turn(LONGEST_DELAY);
			start = System.nanoTime();
			receive(consumer);
			say("%,d messages delivered when they were due, %,d a second", this.count, perSecond(start));
		}
	}

	private Broker broker() {
		return Broker.builder()
			.port(0)
			.dataDirectory(this.directory)
			.durability(Durability.OS)
			.clock(this.clock)
			.build();
	}

	private static WeirClient client(Broker broker) {
		return WeirClient.builder()
			.serviceUrl(broker.serviceUrl())
			.fingerprint(broker.certificateFingerprint())
			.build();
	}

	private void publish(WeirClient client) {
		Random random = new Random(42);
		try (Producer<byte[]> producer = client.producer(Schema.bytes())
			.topic("delayed")
			.maxPending(8192)
			.whenFull(WhenFull.WAIT)
			.create()) {
			for (int i = 0; i < this.count; i++) {
				Duration delay = Duration.ofMillis(1 + random.nextLong(LONGEST_DELAY.toMillis()));
				producer.message(payload(this.clock.instant().plus(delay))).deliverAfter(delay).sendAsync();
				if (producer.pending() > 7000) {
					producer.flush();
				}
			}
			producer.flush();
		}
	}

	/** 100 bytes that say when the message is due. */
	private static byte[] payload(Instant due) {
		byte[] payload = new byte[100];
		long millis = due.toEpochMilli();
		for (int i = 0; i < Long.BYTES; i++) {
			payload[i] = (byte) (millis >>> (Long.SIZE - Byte.SIZE * (i + 1)));
		}
		return payload;
	}

	private void receive(Consumer<byte[]> consumer) {
		long last = Long.MIN_VALUE;
		int received = 0;
		while (received < this.count) {
			List<Message<byte[]>> messages = consumer.batchReceive(1000, Duration.ofSeconds(30));
			if (messages.isEmpty()) {
				throw new IllegalStateException("Only " + received + " messages came");
			}
			for (Message<byte[]> message : messages) {
				long due = ByteBuffer.wrap(message.value()).getLong();
				if (due < last) {
					throw new IllegalStateException("A message that was due at " + due + " came after " + last);
				}
				last = due;
				received++;
			}
			consumer.acknowledgeCumulative(messages.get(messages.size() - 1).id());
		}
		if (consumer.receive(Duration.ofSeconds(1)) != null) {
			throw new IllegalStateException("A message came twice");
		}
	}

	private long perSecond(long start) {
		return (long) (this.count / ((System.nanoTime() - start) / 1e9));
	}

	private static long heap() {
		long least = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			System.gc();
			Runtime runtime = Runtime.getRuntime();
			least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
		}
		return least;
	}

	private void check(String what, long value, long limit) {
		say("%s: %,d, at most %,d%s", what, value, limit, (value > limit) ? " MISSED" : "");
		this.missed |= value > limit;
	}

	private static void say(String text, Object... values) {
		System.out.printf(Locale.ROOT, text + "%n", values);
	}

}
