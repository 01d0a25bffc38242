package io.weir.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.message.Compression;
import io.weir.message.SubscriptionType;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.BatchCompression.EncodedBatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Batches that come with other bytes than those of which their checksum was made. */
class DamagedBatchesTest extends BrokerFixture {

	private final Broker broker = start();

	private final RawClient client = connect(this.broker);

	@ParameterizedTest
	@EnumSource(Compression.class)
	void damagedBatchMustBeRefusedAloneAndWhatFollowsItMustNotOvertakeIt(Compression compression) {
		this.client.openProducer(1, "t", "p", -1);
		this.client.openProducer(2, "t", "q", -1);
		EncodedBatch encoded = BatchCompression.compress(ByteBufAllocator.DEFAULT, compression,
				RawClient.batch("x".repeat(1000)));
		assertThat(encoded.encoding().compression()).isEqualTo(compression);
		ByteBuf damaged = encoded.bytes();
		damaged.setByte(damaged.readableBytes() / 2, damaged.getByte(damaged.readableBytes() / 2) ^ 1);
		assertRefused(ErrorCode.CHECKSUM_MISMATCH, new Frame.Publish(1, 0, 1, encoded.encoding(), damaged));
		assertRefused(ErrorCode.UNKNOWN_PRODUCER, new Frame.Publish(1, 1, 1, RawClient.batch("behind it")));
		assertThat(this.client.publish(2, 0, "of another").duplicate()).isFalse();
		assertThat(this.broker.stats().damagedBatches()).isOne();
		assertThat(this.client.openProducer(1, "t", "p", 0).lastSequence()).isEqualTo(-1);
		this.client.publish(1, 0, "again");
		this.client.publish(1, 1, "behind it");
		this.client.subscribe(1, "t", "s", 10);
		assertThat(this.client.receive(3)).containsExactly("of another", "again", "behind it");
	}

	@Test
	void damagedBatchThatIsStoredAlreadyMustBeConfirmed() {
		this.client.openProducer(1, "t", "p", -1);
		this.client.publish(1, 0, "a");
		ByteBuf batch = RawClient.batch("b");
		Frame answer = this.client.ask(new Frame.Publish(1, 0, 1, new BatchEncoding(Compression.NONE, 0, 7), batch));
		assertThat(answer).isInstanceOfSatisfying(Frame.Receipt.class,
				(receipt) -> assertThat(receipt.duplicate()).isTrue());
	}

	@Test
	void partsOfABatchMustHaveChecksumsOfTheirOwn() {
		this.client.openProducer(1, "t", "p", -1);
		this.client.publish(1, 0, "a", "b", "c", "d", "e");
		this.client.subscribe(1, "t", "s", SubscriptionType.EXCLUSIVE, 2);
		assertThat(this.client.receive(2)).containsExactly("a", "b");
		this.client.stream().send(new Frame.Flow(1, 10));
		assertThat(this.client.receive(3)).containsExactly("c", "d", "e");
	}

	private void assertRefused(ErrorCode code, Frame publish) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.client.ask(publish))
			.returns(code, ProtocolException::code);
	}

}
