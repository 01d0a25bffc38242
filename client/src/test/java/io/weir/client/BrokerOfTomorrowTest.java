package io.weir.client;

import java.time.Duration;
import java.util.HexFormat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A broker of a later version says what this client does not know: what may be passed
 * over is passed over, what must be understood fails alone.
 */
@Timeout(60)
class BrokerOfTomorrowTest {

	private static final Duration SOON = Duration.ofSeconds(20);

	/** Option 4095, of three bytes. */
	private static final String TO_BE_PASSED_OVER = "4fff" + "03" + "beefed";

	/** Option 4094, which is empty. */
	private static final String TO_BE_UNDERSTOOD = "4ffe" + "00";

	@Test
	void aClientOfTodayWorksWithABrokerOfTomorrow() throws Exception {
		try (BrokenServers servers = new BrokenServers();
				WeirClient client = client(servers);
				Producer<String> producer = client.producer(Schema.string()).topic("t").create();
				Consumer<String> consumer = client.consumer(Schema.string()).topic("t").subscription("s").subscribe()) {
			assertThat(producer.send("understood")).hasToString("0:0:7:0");
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> producer.send("not understood"))
				.withMessageContaining("Option 4094 of RECEIPT is not known here")
				.returns(ErrorCode.NOT_SUPPORTED, WeirException::code)
				.returns(false, WeirException::retryable);
			assertThat(producer.send("understood again")).hasToString("0:0:7:0");
			Message<String> message = consumer.receive(SOON);
			assertThat(message).isNotNull();
			assertThat(message.value()).isEqualTo("hi");
			consumer.acknowledge(message);
			// The next one has an option that must be understood.
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> consumer.receive(SOON))
				.withMessageContaining("Option 4094 of a message is not known here")
				.returns(ErrorCode.NOT_SUPPORTED, WeirException::code);
		}
	}

	private static WeirClient client(BrokenServers servers) {
		return WeirClient.builder().serviceUrl("weir://127.0.0.1:" + servers.saying(new Tomorrow())).insecure().build();
	}

	private static final class Tomorrow implements StreamHandler {

		private static final String FEATURES = "02" + "01" + "4fff";

		private int published;

		@Override
		public void onFrame(FrameStream stream, long requestId, Frame frame) {
			frame.release();
			if (frame instanceof Frame.Ping ping) {
				stream.write(requestId, new Frame.Pong(ping.nonce()));
			}
			else if (frame instanceof Frame.Connect) {
				say(stream, requestId, "02", "0162" + "07" + "80110000" + "6000" + "84000000" + FEATURES + "7a98" + "00"
						+ TO_BE_PASSED_OVER);
			}
			else if (frame instanceof Frame.OpenProducer) {
				say(stream, requestId, "22", "0170" + "01" + "00" + TO_BE_PASSED_OVER);
			}
			else if (frame instanceof Frame.Publish) {
				this.published++;
				say(stream, requestId, "26",
						"00" + "0007" + ((this.published == 2) ? TO_BE_UNDERSTOOD : TO_BE_PASSED_OVER));
			}
			else if (frame instanceof Frame.Subscribe subscribe) {
				say(stream, requestId, "10", TO_BE_PASSED_OVER);
				deliver(stream, subscribe.consumerId(), "05", "84" + "00" + "00" + "6869");
			}
			else if (frame instanceof Frame.Acknowledge acknowledge) {
				stream.write(requestId, new Frame.Ok());
				deliver(stream, acknowledge.consumerId(), "06", "04" + "03" + TO_BE_UNDERSTOOD + "00");
			}
			else if (requestId != 0) {
				stream.write(requestId, new Frame.Ok());
			}
		}

		private static void deliver(FrameStream stream, long consumer, String length, String message) {
			say(stream, 0, "4044",
					"%02x".formatted(consumer) + "00" + length + "00" + "00".repeat(8) + "0170" + "05" + "00" + "01"
							+ "00" + "00" + checksum(length + message) + "06" + TO_BE_PASSED_OVER + length + message);
		}

		private static String checksum(String batch) {
			return HexFormat.of()
				.toHexDigits(BatchEncoding.plain(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(batch))).checksum());
		}

		/** Says what no encoder of today would. */
		private static void say(FrameStream stream, long requestId, String type, String body) {
			String content = type + "%02x".formatted(requestId) + body;
			stream.write(requestId, new Frame.Fragment(0, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(content))));
		}

	}

}
