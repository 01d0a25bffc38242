package io.weir.broker.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.security.BrokerSecurity;
import io.weir.broker.store.MessageIndex;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.MessageTimes;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression;
import io.weir.wire.codec.BatchCompression.EncodedBatch;
import io.weir.wire.codec.MessageBatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the broker notes of messages when it checks them. */
class IncomingBatchesTest {

	private static final long NOW = 1_000_000;

	private final IncomingBatches batches = new IncomingBatches(
			new SessionSettings("b", 1024, 1024 * 1024, Budgets.unlimited(), BrokerSecurity.NONE,
					() -> Instant.ofEpochMilli(NOW), new TopicPartitions(), (prefix, after, limit) -> List.of()));

	private final List<Integer> asked = new ArrayList<>();

	@Test
	void equalKeysMustHaveEqualHashesAndNoKeyCountsAsOne() {
		MessageIndex index = index(Compression.NONE, "a", "b", null, "a", null);
		assertThat(index.count()).isEqualTo(5);
		assertThat(index.keyHash(3)).isEqualTo(index.keyHash(0)).isNotEqualTo(index.keyHash(1));
		assertThat(index.keyHash(4)).isEqualTo(index.keyHash(2)).isEqualTo(MessageIndex.NO_KEY);
	}

	@Test
	void messagesMustBeFoundByTheirSizes() {
		MessageIndex index = index(Compression.NONE, "a", null, "abc");
		assertThat(new int[] { index.start(1), index.start(2), index.start(3) }).containsExactly(5, 8, 15);
	}

	@ParameterizedTest
	@EnumSource(Compression.class)
	void indexMustBeThatOfTheMessagesHoweverTheyAreCompressed(Compression compression) {
		@Nullable String[] keys = new @Nullable String[200];
		for (int i = 0; i < keys.length; i++) {
			keys[i] = (i % 7 > 0) ? "key " + i % 7 : null;
		}
		assertThat(index(compression, keys)).isEqualTo(index(Compression.NONE, keys));
	}

	@Test
	void timeAtWhichAMessageExpiresMustBeNoted() {
		ByteBuf batch = Unpooled.buffer()
			.writeBytes(new byte[] { 13, 4, 10, 1, 8 })
			.writeLong(1_700_000_000_000L)
			.writeByte(0);
		MessageBatch.write(batch, new MessageRecord(null, null, Headers.empty(), Unpooled.EMPTY_BUFFER));
		MessageIndex index = index(new Frame.Publish(1, 0, 2, BatchEncoding.plain(batch), batch));
		assertThat(new long[] { index.expiresAt(0), index.expiresAt(1) }).containsExactly(1_700_000_000_000L,
				MessageIndex.NEVER);
		assertThat(index.deliverAt(0)).isEqualTo(MessageIndex.AT_ONCE);
	}

	/** Many small messages may have an index larger than they are. */
	@Test
	void messageThatIsDelayedMustBeAlone() {
		assertThat(index(delayed(1, 3_600_000)).deliverAt(0)).isEqualTo(NOW + 3_600_000);
		assertThat(index(delayed(1, 0)).deliverAt(0)).isEqualTo(MessageIndex.AT_ONCE);
		Frame.Publish two = delayed(2, 1);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> index(two))
			.withMessageContaining("travels alone, not in a batch of 2")
			.returns(ErrorCode.INVALID_REQUEST, ProtocolException::code);
		two.release();
	}

	@Test
	void clientThatSaysNothingOfADelayMustNotBeAskedForOne() {
		ByteBuf batch = Unpooled.buffer();
		for (int i = 0; i < 2; i++) {
			MessageBatch.write(batch, record(new MessageTimes(MessageTimes.AT_ONCE, 0, MessageTimes.NEVER, 5)));
		}
		MessageIndex index = index(new Frame.Publish(1, 0, 2, BatchEncoding.plain(batch), batch));
		assertThat(index.expiresAt(1)).isEqualTo(NOW + 5);
	}

	private static Frame.Publish delayed(int count, long delay) {
		ByteBuf batch = Unpooled.buffer();
		for (int i = 0; i < count; i++) {
			MessageBatch.write(batch,
					record(new MessageTimes(MessageTimes.AT_ONCE, delay, MessageTimes.NEVER, MessageTimes.NEVER)));
		}
		return new Frame.Publish(1, 0, count, BatchEncoding.plain(batch), batch);
	}

	private static MessageRecord record(MessageTimes times) {
		return new MessageRecord(null, null, Headers.empty(), times, Unpooled.EMPTY_BUFFER);
	}

	@Test
	void indexMustCostCreditToo() {
		MessageIndex index = index(Compression.NONE, new @Nullable String[1000]);
		assertThat(this.asked).containsExactly(3 * 1000 + index.memory());
		assertThat(index.memory()).isBetween(4000, 4100);
	}

	private MessageIndex index(Compression compression, @Nullable String... keys) {
		ByteBuf batch = ByteBufAllocator.DEFAULT.directBuffer();
		for (String key : keys) {
			MessageBatch.write(batch, new MessageRecord(key, null, Headers.empty(), Unpooled.EMPTY_BUFFER));
		}
		EncodedBatch encoded = BatchCompression.compress(ByteBufAllocator.DEFAULT, compression, batch);
		assertThat(encoded.encoding().compression()).isEqualTo(compression);
		return index(new Frame.Publish(1, 0, keys.length, encoded.encoding(), encoded.bytes()));
	}

	private MessageIndex index(Frame.Publish publish) {
		this.asked.clear();
		Command command = this.batches.command(publish, new Peer(1, 1), (bytes) -> {
			this.asked.add(bytes);
			return new ReplyTo(1, 1);
		});
		command.release();
		assertThat(publish.batch().refCnt()).isZero();
		return ((Command.Publish) command).index();
	}

}
