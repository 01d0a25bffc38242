package io.weir.broker;

import java.time.Duration;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

import io.weir.message.Compression;
import io.weir.transport.RequestStream;
import io.weir.wire.BatchEncoding;
import io.weir.wire.BrokerLimit;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.BatchCompression.EncodedBatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** What the broker takes at most, and how it says so. */
class LargeFramesTest extends BrokerFixture {

	private static final int MIB = 1024 * 1024;

	private final Broker broker = start(Broker.builder()
		.port(0)
		.maxMessageSize(4 * MIB)
		.limits(BrokerLimits.defaults().with(BrokerLimit.INCOMING_MEMORY_PER_CONNECTION, MIB)));

	private final RawClient client = connect(this.broker);

	@Test
	void batchInFragmentsMustBeStoredAndDelivered() {
		String large = "x".repeat(3 * MIB);
		this.client.openProducer(1, "t", "p", -1);
		this.client.publish(1, 0, large);
		this.client.subscribe(1, "t", "s", 10);
		assertThat(this.client.receive().text()).isEqualTo(large);
	}

	@Test
	void batchLargerThanTheLimitMustBeRefusedByItsRequest() {
		try (Broker small = Broker.builder().port(0).maxMessageSize(2048).build().start();
				RawClient raw = RawClient.connect(small)) {
			raw.openProducer(1, "t", "p", -1);
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> raw.publish(1, 0, "x".repeat(2048)))
				.withMessage("The messages take 2052 bytes, the broker takes at most 2048")
				.returns(ErrorCode.MESSAGE_TOO_LARGE, ProtocolException::code);
			raw.publish(1, 0, "x".repeat(2000));
		}
	}

	@Test
	void frameLargerThanTheLimitMustBeRefusedByItsFirstFragment() {
		RequestStream stream = this.client.openStream();
		stream.send(new Frame.Fragment(5 * MIB, Unpooled.buffer().writeZero(1024)));
		await().until(() -> !stream.isOpen());
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.client.ask(stream, new Frame.Ok()))
			.returns(ErrorCode.FRAME_TOO_LARGE, ProtocolException::code);
		assertThat(this.client.connection().isOpen()).isTrue();
	}

	@Test
	void incompleteFramesOnManyStreamsMustBeBoundedTogether() {
		RequestStream first = this.client.openStream();
		RequestStream second = this.client.openStream();
		first.send(new Frame.Fragment(3 * MIB, Unpooled.buffer().writeZero(1024)));
		first.ping(Duration.ofSeconds(10)).join();
		second.send(new Frame.Fragment(3 * MIB, Unpooled.buffer().writeZero(1024)));
		await().until(() -> !second.isOpen());
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.client.ask(second, new Frame.Ok()))
			.returns(ErrorCode.OVERLOADED, ProtocolException::code);
		first.stream().reset(ErrorCode.INTERNAL);
		// The room is free when the broker has noticed that the stream has ended.
		await().untilAsserted(() -> {
			RequestStream third = this.client.openStream();
			third.send(new Frame.Fragment(3 * MIB, Unpooled.buffer().writeZero(1024)));
			third.ping(Duration.ofSeconds(10)).join();
		});
	}

	@Test
	void compressedBatchThatIsNotWhatItSaysMustBeRefused() {
		this.client.openProducer(1, "t", "p", -1);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> publish(Compression.ZSTD, 4 * MIB + 1))
			.withMessage("The messages take 4194305 bytes, the broker takes at most 4194304")
			.returns(ErrorCode.MESSAGE_TOO_LARGE, ProtocolException::code);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> publish(Compression.ZSTD, 4 * MIB))
			.withMessageContaining("are not 4194304 bytes in ZSTD")
			.returns(ErrorCode.PROTOCOL_VIOLATION, ProtocolException::code);
		await().until(() -> !this.client.connection().isOpen());
	}

	@Test
	void compressedBatchThatHoldsNoMessagesMustBeRefused() {
		this.client.openProducer(1, "t", "p", -1);
		EncodedBatch noMessages = BatchCompression.compress(UnpooledByteBufAllocator.DEFAULT, Compression.LZ4,
				Unpooled.directBuffer().writeZero(1000));
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> this.client.ask(new Frame.Publish(1, 0, 1, noMessages.encoding(), noMessages.bytes())))
			.returns(ErrorCode.PROTOCOL_VIOLATION, ProtocolException::code);
	}

	private void publish(Compression compression, int uncompressedSize) {
		ByteBuf batch = Unpooled.buffer().writeZero(1000);
		this.client
			.ask(new Frame.Publish(1, 0, 1, BatchEncoding.compressed(compression, uncompressedSize, batch), batch));
	}

	@Test
	void limitThatMakesNoSenseMustBeRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Broker.builder().maxMessageSize(1023))
			.withMessage("The maximum message size must be from 1024 to 268435456 bytes, was 1023");
	}

}
