package io.weir.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import io.weir.broker.Broker;
import io.weir.fixtures.ServerPorts;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.StreamHandler;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.quic.QuicTransport;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A broker answers with anything: the client takes no harm, and works as soon as there is
 * a good one.
 */
@Timeout(180)
class HostileBrokerTest {

	/** The same in each build; {@code -Dweir.fuzz.seed=…} says other things. */
	private static final long SEED = Long.getLong("weir.fuzz.seed", 1);

	private static final long MILLIS = Long.getLong("weir.fuzz.millis", 3000);

	private static final Duration SOON = Duration.ofSeconds(60);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@Test
	void clientOutlivesABrokerThatAnswersWithAnything() {
		Logger root = (Logger) LoggerFactory.getLogger("io.weir");
		this.log.list = new CopyOnWriteArrayList<>();
		this.log.start();
		root.addAppender(this.log);
		try (QuicTransport transport = QuicTransport.create(TransportOptions.DEFAULTS, "hostile")) {
			AtomicLong connections = new AtomicLong();
			TransportServer hostile = transport
				.bind(new InetSocketAddress("127.0.0.1", ServerPorts.free()), ServerTls.selfSigned(),
						(connection) -> nonsense(connections.getAndIncrement()))
				.toCompletableFuture()
				.orTimeout(10, SECONDS)
				.join();
			int port = hostile.address().getPort();
			try (WeirClient client = WeirClient.builder()
				.serviceUrl("weir://127.0.0.1:" + port)
				.insecure()
				.connectTimeout(Duration.ofSeconds(1))
				.heartbeatInterval(Duration.ofMillis(300))
				.build()) {
				use(client);
				hostile.close().toCompletableFuture().orTimeout(10, SECONDS).join();
				recover(client, port);
			}
			assertThat(this.log.list).filteredOn((event) -> event.getLevel().isGreaterOrEqual(Level.ERROR)).isEmpty();
		}
		catch (Throwable ex) {
			throw new AssertionError("With -Dweir.fuzz.seed=" + SEED + ": " + ex, ex);
		}
		finally {
			root.detachAppender(this.log);
		}
	}

	/**
	 * Each stream has dice of its own, so that what is said on it depends on the seed
	 * alone and not on which stream had its turn first.
	 */
	private static StreamAcceptor nonsense(long connection) {
		return (stream) -> new Nonsense(SEED + (connection << 32));
	}

	/**
	 * Nothing can be expected but that each call ends, one way or the other, and that the
	 * broker agrees to something now and then.
	 */
	private static void use(WeirClient client) {
		List<CompletableFuture<Producer<String>>> producers = new ArrayList<>();
		List<CompletableFuture<Consumer<String>>> consumers = new ArrayList<>();
		long end = System.nanoTime() + Duration.ofMillis(MILLIS).toNanos();
		long atLatest = end + SOON.toNanos();
		for (int i = 0; System.nanoTime() < end
				|| (System.nanoTime() < atLatest && !(isAnyThere(producers) && isAnyThere(consumers))); i++) {
			if (i % 1000 == 0 && producers.size() < 50) {
				producers.add(client.producer(Schema.string())
					.topic("t")
					.ordering(Ordering.values()[producers.size() % Ordering.values().length])
					.createAsync());
				consumers.add(client.consumer(Schema.string())
					.topic("t")
					.subscription("s" + consumers.size())
					.subscribeAsync());
			}
			producers.stream().filter(HostileBrokerTest::isThere).forEach((producer) -> producer.join().sendAsync("x"));
			consumers.stream().filter(HostileBrokerTest::isThere).forEach((consumer) -> take(consumer.join()));
			Thread.onSpinWait();
		}
		assertThat(producers).as("producers").anyMatch(HostileBrokerTest::isThere);
		assertThat(consumers).as("consumers").anyMatch(HostileBrokerTest::isThere);
		producers.stream().filter(HostileBrokerTest::isThere).forEach((producer) -> producer.join().close());
		consumers.stream().filter(HostileBrokerTest::isThere).forEach((consumer) -> consumer.join().close());
	}

	private static <T> boolean isAnyThere(List<CompletableFuture<T>> created) {
		return created.stream().anyMatch(HostileBrokerTest::isThere);
	}

	private static boolean isThere(CompletableFuture<?> created) {
		return created.isDone() && !created.isCompletedExceptionally();
	}

	private static void take(Consumer<String> consumer) {
		try {
			Message<String> message = consumer.receive(Duration.ZERO);
			if (message != null) {
				consumer.acknowledge(message);
			}
		}
		catch (WeirException ex) {
			assertThat(ex.code()).isNotEqualTo(ErrorCode.INTERNAL);
		}
	}

	private static void recover(WeirClient client, int port) {
		try (Broker good = Broker.builder().port(port).build().start();
				Producer<String> producer = client.producer(Schema.string()).topic("good").sendTimeout(SOON).create();
				Consumer<String> consumer = client.consumer(Schema.string())
					.topic("good")
					.subscription("s")
					.initialPosition(InitialPosition.EARLIEST)
					.subscribe()) {
			producer.send("hello");
			Message<String> message = consumer.receive(SOON);
			assertThat(message).isNotNull();
			assertThat(message.value()).isEqualTo("hello");
			assertThat(good.isRunning()).isTrue();
		}
	}

	/** Answers well half of the time, so that there is something to spoil. */
	private static final class Nonsense implements StreamHandler {

		private final long seed;

		private @Nullable SplittableRandom random;

		private Nonsense(long seed) {
			this.seed = seed;
		}

		/** The stream has its id only after it was accepted. */
		private SplittableRandom random(FrameStream stream) {
			SplittableRandom present = this.random;
			if (present == null) {
				present = new SplittableRandom(this.seed + stream.id());
				this.random = present;
			}
			return present;
		}

		@Override
		public void onFrame(FrameStream stream, long requestId, Frame frame) {
			frame.release();
			SplittableRandom random = random(stream);
			int dice = random.nextInt(100);
			if (frame instanceof Frame.Connect || frame instanceof Frame.Ping) {
				dice = (dice < 95) ? 0 : dice;
			}
			if (dice < 50) {
				stream.write(requestId, good(frame));
			}
			else if (dice < 70) {
				stream.write(requestId, any(random));
			}
			else if (dice < 85) {
				stream.write(0, any(random));
				stream.write(requestId, good(frame));
			}
			else if (dice < 92) {
				stream.write(random.nextInt(100), any(random));
			}
			else if (dice < 94) {
				stream.reset(ErrorCode.INTERNAL);
			}
			else if (dice == 99 && random.nextInt(5) == 0) {
				stream.connection().close(ErrorCode.INTERNAL, "nonsense");
			}
		}

		@Override
		public void onClosed(FrameStream stream, @Nullable Throwable cause) {
		}

		private static Frame good(Frame frame) {
			if (frame instanceof Frame.Connect) {
				return connected();
			}
			if (frame instanceof Frame.Ping ping) {
				return new Frame.Pong(ping.nonce());
			}
			if (frame instanceof Frame.OpenProducer) {
				return new Frame.ProducerOpened("p", 0, -1);
			}
			return (frame instanceof Frame.Publish) ? new Frame.Receipt(new Position(0, 1), false) : new Frame.Ok();
		}

		private static Frame any(SplittableRandom random) {
			int id = random.nextInt(6);
			return switch (random.nextInt(11)) {
				case 0 -> new Frame.Ok();
				case 1, 2 -> new Frame.ErrorReply(ErrorCode.values()[random.nextInt(ErrorCode.values().length)], "no");
				case 3 -> new Frame.Receipt(new Position(0, id), random.nextBoolean());
				case 4 -> new Frame.ProducerOpened("p" + id, id, (1L << 61) * random.nextInt(2));
				case 5 -> new Frame.ProducerClosed(id, ErrorCode.PRODUCER_FENCED, "");
				case 6 -> new Frame.ConsumerClosed(id, ErrorCode.GOING_AWAY, "");
				case 7 -> connected();
				case 8 -> new Frame.Pong(id);
				default -> delivery(random, id);
			};
		}

		private static Frame delivery(SplittableRandom random, int id) {
			ByteBuf batch = Unpooled.wrappedBuffer(new byte[] { 3, 0, 0, 65, 3, 0, 0, 66 }, 0, 8);
			BatchEncoding encoding = (random.nextInt(50) > 0) ? BatchEncoding.plain(batch)
					: new BatchEncoding(Compression.NONE, 0, random.nextInt());
			return new Frame.Deliver(id, new Position(0, random.nextInt(100)), id, 0, "p", id, random.nextInt(3),
					1 + id, new BitSet(), encoding, batch);
		}

		private static Frame connected() {
			return new Frame.Connected("nonsense", 1, Limits.DEFAULT_MAX_FRAME_SIZE, Limits.MAX_IN_FLIGHT, 1_000_000,
					Set.of());
		}

	}

}
