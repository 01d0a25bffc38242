package io.weir.transport.quic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.fixtures.UdpRelay;
import io.weir.fixtures.memory.ShortMemory;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.ResetToken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A server tells the clients of its predecessor that their connections are gone. */
class StatelessResetTest {

	private static final InetSocketAddress ANYBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

	private static final ConnectionIds PREDECESSOR = new ConnectionIds();

	private final List<AutoCloseable> open = new ArrayList<>();

	private final List<Connection> accepted = new CopyOnWriteArrayList<>();

	private final ServerTls tls = ServerTls.selfSigned();

	private final ConnectionIds ids = new ConnectionIds();

	@TempDir
	private Path directory;

	@AfterEach
	void closeAll() throws Exception {
		for (int i = this.open.size() - 1; i >= 0; i--) {
			this.open.get(i).close();
		}
	}

	@Test
	void aServerThatFollowsAnotherMustEndItsConnections() {
		UdpRelay relay = UdpRelay.to(serve().address()).start();
		this.open.add(relay);
		Connection connection = get(transport().connect(relay.address(), ClientTls.pinned(this.tls.fingerprint()),
				(stream) -> (unexpected, id, frame) -> frame.release()));
		RequestStream stream = get(RequestStream.open(connection));
		get(stream.ping(Duration.ofSeconds(30)));
		ResetToken token = this.accepted.get(0).resetToken();
		assertThat(token).isNotNull();
		connection.expectReset(token);
		relay.redirect(serve().address());
		stream.ping(Duration.ofMinutes(10));
		ProtocolException why = get(connection.closed());
		assertThat(why.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(why).hasMessageContaining("does not know the connection");
		assertThat(stream.isOpen()).isFalse();
	}

	@Test
	void aPacketForThePredecessorMustBeAnsweredByASmallerOneWithItsToken() {
		EmbeddedChannel socket = server();
		byte[] id = PREDECESSOR.newId(ConnectionIds.LENGTH).array();
		socket.writeInbound(packet(id, StatelessResets.LENGTH + 1));
		DatagramPacket reset = socket.readOutbound();
		assertThat(reset.recipient()).isEqualTo(ANYBODY);
		ByteBuf bytes = reset.content();
		assertThat(bytes.readableBytes()).isEqualTo(StatelessResets.LENGTH);
		assertThat(bytes.getByte(0) & 0xC0).as("looks like a short header").isEqualTo(0x40);
		ResetToken token = ResetKey.in(this.directory).token(id);
		assertThat(bytes.getLong(StatelessResets.LENGTH - 16)).isEqualTo(token.high());
		assertThat(bytes.getLong(StatelessResets.LENGTH - 8)).isEqualTo(token.low());
		reset.release();
		assertThat(socket.<Object>readInbound()).as("goes no further").isNull();
		socket.finishAndReleaseAll();
	}

	@Test
	void aPacketThatThereIsNoMemoryToAnswerMustBeReleased() {
		EmbeddedChannel socket = server();
		DatagramPacket packet = packet(PREDECESSOR.newId(ConnectionIds.LENGTH).array(), StatelessResets.LENGTH + 1);
		ShortMemory.failAt(0);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> socket.writeInbound(packet));
		ShortMemory.stopFailing();
		assertThat(packet.refCnt()).isZero();
		socket.finishAndReleaseAll();
	}

	@Test
	void nothingElseMustBeAnswered() {
		EmbeddedChannel socket = server();
		byte[] old = PREDECESSOR.newId(ConnectionIds.LENGTH).array();
		DatagramPacket maybeAReset = packet(old, StatelessResets.LENGTH);
		DatagramPacket ours = packet(this.ids.newId(ConnectionIds.LENGTH).array(), 1200);
		DatagramPacket longHeader = packet(old, 1200);
		longHeader.content().setByte(0, 0xC0);
		DatagramPacket notQuic = packet(old, 1200);
		notQuic.content().setByte(0, 0);
		for (DatagramPacket each : List.of(maybeAReset, ours, longHeader, notQuic)) {
			socket.writeInbound(each);
			assertThat(socket.<Object>readOutbound()).isNull();
			assertThat(socket.<Object>readInbound()).as("goes on to the codec").isSameAs(each);
			each.release();
		}
		socket.finishAndReleaseAll();
	}

	@Test
	void resetsMustBeBounded() {
		EmbeddedChannel socket = server();
		socket.freezeTime();
		byte[] id = PREDECESSOR.newId(ConnectionIds.LENGTH).array();
		for (int i = 0; i < 5000; i++) {
			socket.writeInbound(packet(id, 1200));
		}
		assertThat(socket.outboundMessages()).hasSize(1000);
		socket.advanceTimeBy(100, TimeUnit.MILLISECONDS);
		socket.writeInbound(packet(id, 1200));
		assertThat(socket.outboundMessages()).hasSize(1001);
		socket.finishAndReleaseAll();
	}

	@Test
	void aResetWithAnotherTokenMustNotEndTheConnection() {
		QuicConnection connection = QuicConnection.unlimited(TransportOptions.DEFAULTS);
		connection.expectReset(new ResetToken(1, 2));
		EmbeddedChannel socket = new EmbeddedChannel(new IncomingPackets(connection));
		DatagramPacket other = packet(new byte[ConnectionIds.LENGTH], 42);
		other.content().setLong(26, 1).setLong(34, 3);
		assertThat(socket.writeInbound(other)).isTrue();
		assertThat(socket.isOpen()).isTrue();
		other.content().setLong(34, 2);
		assertThat(socket.writeInbound(other.retain())).isTrue();
		socket.runPendingTasks();
		assertThat(socket.isOpen()).isFalse();
		socket.finishAndReleaseAll();
	}

	@Test
	void theKeyMustBeKeptForTheOwnerOnly() throws Exception {
		byte[] id = new byte[ConnectionIds.LENGTH];
		assertThat(ResetKey.in(this.directory).token(id)).isEqualTo(ResetKey.in(this.directory).token(id));
		Path file = this.directory.resolve("stateless-reset-key");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
		Files.write(file, new byte[3]);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> ResetKey.in(this.directory))
			.withMessageContaining("delete it");
	}

	private EmbeddedChannel server() {
		return new EmbeddedChannel(new StatelessResets(this.ids, ResetKey.in(this.directory)));
	}

	private static DatagramPacket packet(byte[] id, int length) {
		ByteBuf bytes = Unpooled.buffer(length).writeByte(0x40).writeBytes(id).writeZero(length - 1 - id.length);
		return new DatagramPacket(bytes, ANYBODY, ANYBODY);
	}

	private TransportServer serve() {
		return get(transport(ResetKey.in(this.directory))
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this.tls, (connection) -> {
				this.accepted.add(connection);
				return (stream) -> StatelessResetTest::answer;
			}));
	}

	private static void answer(FrameStream stream, long id, Frame frame) {
		if (frame instanceof Frame.Ping ping) {
			stream.write(id, new Frame.Pong(ping.nonce()));
		}
		frame.release();
	}

	private QuicTransport transport() {
		return transport(null);
	}

	private QuicTransport transport(@Nullable ResetKey key) {
		QuicTransport transport = QuicTransport.create(TransportOptions.DEFAULTS, "resets", (error) -> {
		}, key);
		this.open.add(transport);
		return transport;
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

}
