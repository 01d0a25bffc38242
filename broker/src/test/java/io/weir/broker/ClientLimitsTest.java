package io.weir.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicStreamChannel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.transport.Connection;
import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.quic.QuicTransport;
import io.weir.transport.tls.ClientTls;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What clients can take of a broker, and that others do not notice. */
@Timeout(120)
class ClientLimitsTest extends BrokerFixture {

	private static final int KIB = 1024;

	private static final int MIB = 1024 * KIB;

	private static final int PINGS = 50_000;

	private static final int PROBES = 20_000;

	/** The broker's windows grow to 24 MiB. */
	private static final int MORE_MIB_THAN_QUIC_TAKES = 26;

	/** The request id of probes. */
	private static final long PROBE_ID = (1L << 62) - 1;

	@Test
	void streamWhoseAnswersAreNotReadMustNotBeRead() throws Exception {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.OUTGOING_MEMORY_PER_STREAM, 64 * KIB));
		RawClient good = good(broker);
		UnreadingClient hostile = connected(broker);
		for (int i = 0; i < 4; i++) {
			hostile.open().writeAndFlush(UnreadingClient.pings(PINGS, 1));
		}
		await().until(() -> limit(broker, BrokerLimit.OUTGOING_MEMORY_PER_STREAM).refused() == 4);
		for (int i = 0; i < 20; i++) {
			assertThat(limit(broker, BrokerLimit.OUTGOING_MEMORY).used()).isLessThan(4 * 72 * KIB);
			assertStores(good, i);
		}
		hostile.close();
		await().until(() -> limit(broker, BrokerLimit.OUTGOING_MEMORY).used() == 0);
		await().until(() -> limit(broker, BrokerLimit.INCOMING_MEMORY).used() < 64 * KIB);
	}

	@Test
	void connectionWhoseAnswersAreNotReadMustNotBeReadBeyondItsControlStream() throws Exception {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION, 256 * KIB));
		RawClient good = good(broker);
		UnreadingClient hostile = connected(broker);
		for (int i = 0; i < 20; i++) {
			hostile.open().writeAndFlush(UnreadingClient.pings(PINGS / 20, 1));
		}
		await().until(() -> limit(broker, BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION).refused() == 1);
		for (int i = 0; i < 20; i++) {
			assertThat(limit(broker, BrokerLimit.OUTGOING_MEMORY).used()).isLessThan(264 * KIB);
			assertStores(good, i);
		}
	}

	@Test
	void oneAnswerToTheProbesOfAStreamMustWaitHoweverManyCome() throws Exception {
		Broker broker = broker(BrokerLimits.defaults());
		UnreadingClient hostile = connected(broker);
		QuicStreamChannel stream = hostile.open();
		for (int i = 0; i < PROBES; i++) {
			stream.write(UnreadingClient.bytes(PROBE_ID, new Frame.Ping(i)));
		}
		for (int i = 0; i < MORE_MIB_THAN_QUIC_TAKES; i++) {
			stream.write(UnreadingClient.frameToBeSkipped(MIB));
		}
		// QUIC has all of it: so the broker has read the probes.
		stream.writeAndFlush(UnreadingClient.pings(1, 1)).sync();
		assertThat(hostile.answered()).isEmpty();
		stream.config().setAutoRead(true);
		await().until(() -> hostile.answered().contains(1L));
		assertThat(hostile.answered()).hasSizeLessThan(20);
	}

	@Test
	void clientThatLeavesMostUnreadMustMakeRoomForOthers() throws Exception {
		Broker broker = broker(BrokerLimits.defaults()
			.with(BrokerLimit.OUTGOING_MEMORY, MIB)
			.with(BrokerLimit.OUTGOING_MEMORY_PER_STREAM, 512 * KIB));
		RawClient good = good(broker);
		UnreadingClient hostile = connected(broker);
		List<QuicStreamChannel> streams = List.of(hostile.open(), hostile.open(), hostile.open(), hostile.open());
		streams.forEach((stream) -> stream.writeAndFlush(UnreadingClient.pings(PINGS, 1)));
		assertThat(hostile.closedByBroker()).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(ErrorCode.OVERLOADED);
		assertThat(limit(broker, BrokerLimit.OUTGOING_MEMORY).refused()).isPositive();
		await().until(() -> limit(broker, BrokerLimit.OUTGOING_MEMORY).used() == 0);
		assertStores(good, 0);
	}

	@Test
	void deliveriesThatAreNotReadMustBeBoundedWhateverPermitsSay() throws Exception {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION, 512 * KIB));
		RawClient good = good(broker);
		UnreadingClient hostile = connected(broker);
		QuicStreamChannel stream = subscribed(hostile);
		for (int i = 0; i < 8; i++) {
			stream.writeAndFlush(UnreadingClient.bytes(0, new Frame.Flow(i, Integer.MAX_VALUE)));
		}
		good.subscribe(1, "t", "good", 1000);
		good.openProducer(1, "t", "p", -1);
		String text = "x".repeat(64 * KIB);
		for (int i = 0; i < 40; i++) {
			good.publish(1, i, text);
			assertThat(limit(broker, BrokerLimit.OUTGOING_MEMORY).used()).isLessThan(2 * MIB);
		}
		assertThat(good.receive(40)).containsOnly(text);
		await().until(() -> limit(broker, BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION).refused() > 0);
		hostile.close();
		await().until(() -> limit(broker, BrokerLimit.OUTGOING_MEMORY).used() == 0);
	}

	private static QuicStreamChannel subscribed(UnreadingClient hostile) throws Exception {
		QuicStreamChannel stream = hostile.open();
		for (int i = 0; i < 8; i++) {
			stream.writeAndFlush(UnreadingClient.bytes(i + 1, new Frame.Subscribe(i, "t", "hostile" + i,
					SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "u", true)));
		}
		return stream;
	}

	@Test
	void incompleteFramesMustBeFewBeforeConnect() throws Exception {
		Broker broker = broker(BrokerLimits.defaults());
		UnreadingClient hostile = unreading(broker);
		for (int i = 0; i < 4; i++) {
			// A frame of 30,000 bytes, of which some have come.
			hostile.open().writeAndFlush(Unpooled.buffer().writeInt(0x8000_0000 | 30_000).writeZero(100));
		}
		await().until(() -> limit(broker, BrokerLimit.INCOMING_MEMORY_BEFORE_CONNECT).refused() > 0);
		assertThat(limit(broker, BrokerLimit.INCOMING_MEMORY).used()).isLessThanOrEqualTo(96 * KIB);
		hostile.close();
		await().until(() -> limit(broker, BrokerLimit.INCOMING_MEMORY).used() == 0);
	}

	@Test
	void streamThatEndsAmidAFrameMustGiveItsMemoryBack() {
		Broker broker = broker(BrokerLimits.defaults());
		RawClient client = good(broker);
		long before = limit(broker, BrokerLimit.INCOMING_MEMORY).used();
		RequestStream stream = client.openStream();
		stream.send(new Frame.Fragment(3 * MIB, Unpooled.buffer().writeZero(KIB)));
		await().until(() -> limit(broker, BrokerLimit.INCOMING_MEMORY).used() > before + 3 * MIB);
		stream.stream().reset(ErrorCode.INTERNAL);
		await().until(() -> limit(broker, BrokerLimit.INCOMING_MEMORY).used() == before);
	}

	@Test
	void frameThatDoesNotGetOnMustGiveItsMemoryBack() {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.FRAME_TIMEOUT, 500));
		RawClient slow = good(broker);
		long before = limit(broker, BrokerLimit.INCOMING_MEMORY).used();
		List<RequestStream> streams = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			RequestStream stream = slow.openStream();
			streams.add(stream);
			stream.send(new Frame.Fragment(3 * MIB, Unpooled.buffer().writeZero(KIB)));
		}
		await().until(() -> limit(broker, BrokerLimit.FRAME_TIMEOUT).refused() == 5);
		await().until(() -> limit(broker, BrokerLimit.INCOMING_MEMORY).used() <= before);
		await().until(() -> streams.stream().noneMatch((stream) -> stream.stream().isOpen()));
		assertThat(slow.connection().isOpen()).isTrue();
		assertStores(slow, 0);
	}

	@Test
	void clientWithMostIncompleteMustMakeRoomForOthers() {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.INCOMING_MEMORY, 2 * MIB));
		RawClient hostile = good(broker);
		RawClient good = good(broker);
		hostile.openStream().send(new Frame.Fragment(1900 * KIB, Unpooled.buffer().writeZero(KIB)));
		await().until(() -> limit(broker, BrokerLimit.INCOMING_MEMORY).used() > 1900 * KIB);
		good.openProducer(1, "t", "p", -1);
		good.publish(1, 0, "x".repeat(500 * KIB));
		assertThat(hostile.connection().closed().toCompletableFuture().join()).returns(ErrorCode.OVERLOADED,
				ProtocolException::code);
	}

	@Test
	void messageThatIsTooMuchNowMustBeRefusedByItsRequest() {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.INCOMING_MEMORY, 2 * MIB));
		RawClient client = good(broker);
		client.openProducer(1, "t", "p", -1);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> client.publish(1, 0, "x".repeat(3 * MIB)))
			.withMessageContaining("the broker has 2097152 bytes")
			.returns(ErrorCode.OVERLOADED, ProtocolException::code);
		assertThat(ErrorCode.OVERLOADED.retryable()).isTrue();
		assertThatExceptionOfType(ProtocolException.class).as("must not overtake it")
			.isThrownBy(() -> client.publish(1, 1, "small"))
			.returns(ErrorCode.UNKNOWN_PRODUCER, ProtocolException::code);
		client.openProducer(2, "t", "p", 0);
		client.publish(2, 0, "x".repeat(MIB));
	}

	@Test
	void batchThatDecompressesToTooMuchNowMustBeRefusedByItsRequest() {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.INCOMING_MEMORY, 2 * MIB));
		RawClient client = good(broker);
		client.openProducer(1, "t", "p", -1);
		ByteBuf batch = Unpooled.buffer().writeZero(1000);
		BatchEncoding encoding = BatchEncoding.compressed(Compression.ZSTD, 3 * MIB, batch);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> client.ask(new Frame.Publish(1, 0, 1, encoding, batch)))
			.returns(ErrorCode.OVERLOADED, ProtocolException::code);
		assertThatExceptionOfType(ProtocolException.class).as("must not overtake it")
			.isThrownBy(() -> client.publish(1, 1, "small"))
			.returns(ErrorCode.UNKNOWN_PRODUCER, ProtocolException::code);
		client.openProducer(1, "t", "p", 0);
		client.publish(1, 0, "small");
	}

	@Test
	void connectionThatDoesNotSayConnectMustBeClosed() {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.CONNECT_TIMEOUT, 3000));
		RawClient good = good(broker);
		RawClient silent = closing(new RawClient(broker));
		assertThat(silent.connection().closed().toCompletableFuture().join())
			.returns(ErrorCode.TIMEOUT, ProtocolException::code)
			.hasMessage("CONNECT did not come within 3000 ms");
		assertThat(limit(broker, BrokerLimit.CONNECT_TIMEOUT).refused()).isOne();
		assertStores(good, 0);
	}

	@Test
	void oldestConnectionThatHasNotSaidConnectMustMakeRoomForOthers() {
		Broker broker = broker(BrokerLimits.defaults()
			.with(BrokerLimit.OPENING_CONNECTIONS, 2)
			.with(BrokerLimit.CONNECT_TIMEOUT, 60_000));
		RawClient oldest = closing(new RawClient(broker));
		RawClient other = closing(new RawClient(broker));
		assertThat(limit(broker, BrokerLimit.OPENING_CONNECTIONS).used()).isEqualTo(2);
		RawClient good = good(broker);
		assertThat(oldest.connection().closed().toCompletableFuture().join()).returns(ErrorCode.OVERLOADED,
				ProtocolException::code);
		assertThat(other.connection().isOpen()).isTrue();
		assertStores(good, 0);
	}

	@Test
	void connectionsMustBeBounded() {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.CONNECTIONS, 1));
		try (RawClient only = RawClient.connect(broker)) {
			assertRefused(broker, "The broker takes at most 1 connections");
			assertStores(only, 0);
			assertThat(limit(broker, BrokerLimit.CONNECTIONS)).isEqualTo(new LimitStats(1, 1, 1));
		}
		await().until(() -> limit(broker, BrokerLimit.CONNECTIONS).used() == 0);
		good(broker);
	}

	@Test
	void connectionsOfOneAddressMustBeBounded() {
		Broker broker = broker(BrokerLimits.defaults().with(BrokerLimit.CONNECTIONS_PER_ADDRESS, 1));
		RawClient only = good(broker);
		assertRefused(broker, "The broker takes at most 1 connections from one address");
		assertStores(only, 0);
		assertThat(limit(broker, BrokerLimit.CONNECTIONS_PER_ADDRESS).refused()).isOne();
	}

	private void assertRefused(Broker broker, String reason) {
		QuicTransport transport = closing(QuicTransport.create(TransportOptions.DEFAULTS, "refused"));
		assertThat(transport
			.connect(broker.address(), ClientTls.pinned(broker.certificateFingerprint()),
					(stream) -> (unexpected, id, frame) -> frame.release())
			.thenCompose(Connection::closed)
			.exceptionally((failure) -> (ProtocolException) failure.getCause())
			.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20))
			.returns(ErrorCode.OVERLOADED, ProtocolException::code)
			.returns(reason, ProtocolException::getMessage);
	}

	@Test
	void streamsMustBeFewBeforeConnect() throws Exception {
		Broker broker = broker(BrokerLimits.defaults());
		UnreadingClient hostile = unreading(broker);
		for (int i = 0; i < 5; i++) {
			hostile.open().writeAndFlush(UnreadingClient.pings(1, 1));
		}
		assertThat(hostile.closedByBroker()).succeedsWithin(Duration.ofSeconds(20))
			.isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
		assertThat(limit(broker, BrokerLimit.STREAMS_BEFORE_CONNECT).refused()).isPositive();
	}

	/** Clients that say nothing while another keeps the broker busy must not be gone. */
	private Broker broker(BrokerLimits limits) {
		BrokerLimits patient = limits.with(BrokerLimit.SESSION_TIMEOUT, 600_000);
		return start(Broker.builder().port(0).limits(patient));
	}

	private RawClient good(Broker broker) {
		return connect(broker);
	}

	private UnreadingClient unreading(Broker broker) throws Exception {
		return closing(new UnreadingClient(broker.address()));
	}

	private UnreadingClient connected(Broker broker) throws Exception {
		UnreadingClient client = unreading(broker);
		client.connect();
		await().until(() -> limit(broker, BrokerLimit.OPENING_CONNECTIONS).used() == 0);
		return client;
	}

	private static LimitStats limit(Broker broker, BrokerLimit limit) {
		return broker.stats().limits().get(limit);
	}

	private static void assertStores(RawClient client, long sequence) {
		if (sequence == 0) {
			client.openProducer(99, "good", "good", -1);
		}
		client.publish(99, sequence, "message " + sequence);
	}

}
