package io.weir.broker.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.BitSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.security.BrokerSecurity;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndexes;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.memory.MemoryNetwork;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A client that has not named what it takes to read a delivery. */
class UnsupportedDeliveryTest {

	private static final Topic TOPIC = new Topic("t");

	private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();

	private final BlockingQueue<Frame> pushed = new LinkedBlockingQueue<>();

	private final MemoryNetwork network = new MemoryNetwork();

	private final Transport server = this.network.transport(TransportOptions.DEFAULTS, "server");

	private final Transport client = this.network.transport(TransportOptions.DEFAULTS, "client");

	private final ByteBuf batch = Unpooled.buffer().writeZero(10);

	private final ClientSessions registry = new ClientSessions();

	private final Sessions sessions = new Sessions(
			new SessionSettings("b", 1024 * 1024, 1024 * 1024, Budgets.unlimited(), BrokerSecurity.NONE),
			(topic, command) -> {
				this.commands.add(command);
			}, this.registry, Duration.ofSeconds(10), (error) -> {
			});

	@AfterEach
	void nothingMustBeLeft() {
		this.client.close();
		this.server.close();
		this.sessions.close();
		await().untilAsserted(() -> assertThat(this.batch.refCnt()).isZero());
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void consumerThatCannotReadADeliveryIsClosedAndTheTopicHears(boolean ordered) throws Exception {
		subscribe(Set.of(Feature.LZ4));
		deliver(ordered);
		assertThat(this.pushed.poll(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(Frame.ConsumerClosed.class,
				(closed) -> {
					assertThat(closed.consumerId()).isEqualTo(1);
					assertThat(closed.code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
					assertThat(closed.reason())
						.isEqualTo("The peer does not know ZSTD, which Deliver needs here; it knows [LZ4]");
				});
		await().until(() -> this.commands.stream()
			.anyMatch((command) -> command instanceof Command.CloseConsumer close
					&& close.consumer().equals(new Peer(1, 1))));
		assertThat(this.pushed).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void deliveryGoesToWhoHasNamedWhatItTakes(boolean ordered) throws Exception {
		subscribe(Set.of(Feature.ZSTD));
		deliver(ordered);
		assertThat(this.pushed.poll(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(Frame.Deliver.class,
				Frame.Deliver::release);
	}

	private void subscribe(Set<Feature> features) {
		ServerTls tls = ServerTls.selfSigned();
		InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		TransportServer bound = get(this.server.bind(anyPort, tls, this.sessions));
		Connection connected = get(
				this.client.connect(bound.address(), ClientTls.pinned(tls.fingerprint()), (stream) -> this::pushed));
		get(get(RequestStream.openControl(connected)).request(new Frame.Connect("test", null, features)));
		RequestStream stream = get(RequestStream.open(connected));
		stream.onPush(this.pushed::add);
		stream.request(new Frame.Subscribe(1, "t", "s", SubscriptionType.SHARED, InitialPosition.EARLIEST, "c", true));
		await().until(() -> this.commands.poll() instanceof Command.Subscribe);
	}

	/** The broker tests a stream with a ping before it uses it. */
	private void pushed(FrameStream on, long requestId, Frame frame) {
		if (frame instanceof Frame.Ping ping) {
			on.write(requestId, new Frame.Pong(ping.nonce()));
		}
		else {
			this.pushed.add(frame);
		}
	}

	private void deliver(boolean ordered) {
		Entry entry = new Entry(new Position(0, 1), new EntryHeader("p", 1, MessageIndexes.even(1, 10), 0,
				BatchEncoding.compressed(Compression.ZSTD, 100, this.batch)), this.batch);
		this.registry.tell(new Effect.Deliver(TOPIC, new Peer(1, 1), entry, 0, 1, 0, 10, new BitSet(), ordered));
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
