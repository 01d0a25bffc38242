package io.weir.broker;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicStreamChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.message.AccessMode;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

/** A broker with the default limits in a process that has little memory. */
@Timeout(180)
class SmallMemoryTest {

	private static final int MIB = 1024 * 1024;

	private static final int CHUNK = 10_000;

	private Process process;

	private InetSocketAddress address;

	private String fingerprint;

	@BeforeEach
	void start() throws Exception {
		this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx128m", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				BrokerProcess.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		BufferedReader output = this.process.inputReader();
		String line = output.readLine();
		while (line != null && !line.startsWith(BrokerProcess.HERE)) {
			line = output.readLine();
		}
		assertThat(line).as("what the process says when it is ready").isNotNull();
		String[] words = line.split(" ", -1);
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[1]));
		this.fingerprint = words[2];
	}

	@AfterEach
	void stop() throws Exception {
		this.process.destroyForcibly().waitFor();
	}

	@Test
	void messagesThatAreTooLargeForItMustBeRefusedAndOthersStored() {
		try (RawClient one = RawClient.connect(this.address, this.fingerprint);
				RawClient other = RawClient.connect(this.address, this.fingerprint)) {
			one.openProducer(1, "t", "one", -1);
			other.openProducer(1, "t", "other", -1);
			String large = "x".repeat(63 * MIB);
			List<CompletableFuture<Frame>> answers = new ArrayList<>();
			for (RawClient client : List.of(one, other)) {
				answers.add(client.stream().request(new Frame.Publish(1, 0, 1, RawClient.batch(large))));
			}
			for (CompletableFuture<Frame> answer : answers) {
				assertThat(answer.handle((receipt, failure) -> ((ProtocolException) failure).code()).join())
					.isEqualTo(ErrorCode.OVERLOADED);
			}
			publishAgain(one, "one", "x".repeat(MIB));
			publishAgain(other, "other", "small");
		}
	}

	/** As a client does: not behind the rest of what was refused. */
	private static void publishAgain(RawClient client, String name, String message) {
		RequestStream stream = client.openStream();
		client.ask(stream, new Frame.OpenProducer(2, "t", name, 0, AccessMode.SHARED));
		client.ask(stream, new Frame.Publish(2, 0, 1, RawClient.batch(message)));
	}

	@Test
	void pingsWhoseAnswersAreNotReadMustNotHarmOthers() throws Exception {
		try (RawClient good = RawClient.connect(this.address, this.fingerprint);
				UnreadingClient hostile = new UnreadingClient(this.address)) {
			hostile.connect();
			good.openProducer(1, "t", "good", -1);
			List<QuicStreamChannel> streams = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				streams.add(hostile.open());
			}
			ByteBuf pings = UnreadingClient.pings(CHUNK, 1);
			for (int i = 0; i < 20; i++) {
				for (QuicStreamChannel stream : streams) {
					stream.writeAndFlush(pings.retainedDuplicate());
				}
				good.publish(1, i, "message " + i);
			}
			pings.release();
			assertThat(good.connection().isOpen()).isTrue();
			assertThat(this.process.isAlive()).isTrue();
		}
	}

	/** What runs in the process. */
	static final class BrokerProcess {

		static final String HERE = "broker: ";

		private BrokerProcess() {
		}

		public static void main(String[] args) throws Exception {
			try (Broker broker = Broker.builder().port(0).build().start()) {
				System.out.println(HERE + broker.address().getPort() + " " + broker.certificateFingerprint());
				System.in.read();
			}
		}

	}

}
