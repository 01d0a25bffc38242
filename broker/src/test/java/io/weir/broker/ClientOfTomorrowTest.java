package io.weir.broker;

import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.quic.QuicTransport;
import io.weir.transport.tls.ClientTls;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client of a later version says what this broker does not know: what may be passed
 * over is passed over, what must be understood fails alone.
 */
@Timeout(60)
class ClientOfTomorrowTest {

	/** Option 4095, of three bytes. */
	private static final String TO_BE_PASSED_OVER = "4fff" + "03" + "beefed";

	/** Option 4094, which is empty. */
	private static final String TO_BE_UNDERSTOOD = "4ffe" + "00";

	/** A message with an attribute and an option of tomorrow, and the payload "hi". */
	private static final String MESSAGE = "0b" + "84" + "06" + TO_BE_PASSED_OVER + "00" + "6869";

	private final BlockingQueue<Frame> answers = new LinkedBlockingQueue<>();

	@Test
	void theBrokerOfTodayServesAClientOfTomorrow() throws Exception {
		try (Broker broker = Broker.builder().port(0).build().start();
				QuicTransport transport = QuicTransport.create(TransportOptions.DEFAULTS, "tomorrow")) {
			Connection connection = join(
					transport.connect(broker.address(), ClientTls.pinned(broker.certificateFingerprint()),
							(stream) -> (from, id, frame) -> frame.release()));
			FrameStream control = open(connection);
			// A name, no token, features 1 and 4095.
			assertThat(ask(control, 1, "00" + "01" + "0161" + "00" + "02" + "01" + "4fff" + TO_BE_PASSED_OVER))
				.isInstanceOf(Frame.Connected.class);
			FrameStream stream = open(connection);
			String producer = "01" + "0174" + "00" + "00" + "00";
			assertNotSupported(ask(stream, 1, "20" + "01" + producer + TO_BE_UNDERSTOOD), "OPEN_PRODUCER");
			assertThat(ask(stream, 2, "20" + "02" + producer + TO_BE_PASSED_OVER))
				.isInstanceOf(Frame.ProducerOpened.class);
			String publish = "01" + "00" + "01" + "00";
			assertNotSupported(
					ask(stream, 3, "24" + "03" + publish + checksum(MESSAGE) + "03" + TO_BE_UNDERSTOOD + MESSAGE),
					"PUBLISH");
			String message = "06" + "04" + "03" + TO_BE_UNDERSTOOD + "00";
			assertNotSupported(ask(stream, 4, "24" + "04" + publish + checksum(message) + "00" + message), "a message");
			assertThat(ask(stream, 5, "24" + "05" + publish + checksum(MESSAGE) + "06" + TO_BE_PASSED_OVER + MESSAGE))
				.isInstanceOf(Frame.Receipt.class);
			String subscribe = "01" + "0174" + "0173" + "00" + "01" + "0163" + "00" + "00".repeat(16) + "01";
			assertNotSupported(ask(stream, 6, "4040" + "06" + subscribe + TO_BE_UNDERSTOOD), "SUBSCRIBE");
			assertThat(ask(stream, 7, "4040" + "07" + subscribe + TO_BE_PASSED_OVER)).isInstanceOf(Frame.Ok.class);
			Frame.Deliver delivery = (Frame.Deliver) ask(stream, 0, "4042" + "00" + "01" + "05" + TO_BE_PASSED_OVER);
			assertThat(ByteBufUtil.hexDump(delivery.batch())).isEqualTo(MESSAGE);
			delivery.release();
		}
	}

	private static String checksum(String batch) {
		return HexFormat.of()
			.toHexDigits(BatchEncoding.plain(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(batch))).checksum());
	}

	private static void assertNotSupported(Frame answer, String where) {
		assertThat(answer).isEqualTo(new Frame.ErrorReply(ErrorCode.NOT_SUPPORTED,
				"Option 4094 of " + where + " is not known here and must not be passed over"));
	}

	private FrameStream open(Connection connection) {
		return join(connection.openStream((stream, requestId, frame) -> this.answers.add(frame)));
	}

	/** Says what no encoder of today would: type, request id and body as a fragment. */
	private Frame ask(FrameStream stream, long requestId, String content) throws InterruptedException {
		stream.write(requestId, new Frame.Fragment(0, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(content))));
		Frame answer = this.answers.poll(10, TimeUnit.SECONDS);
		assertThat(answer).as("answer to " + content).isNotNull();
		return answer;
	}

	private static <V> V join(CompletionStage<V> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
