package io.weir.wire.codec;

import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.SubscriptionType;
import io.weir.wire.BacklogReport;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * A frame that the peer would refuse is not sent; the error says what is wrong with it.
 */
class EncodeRefusalTest {

	private static final String LONG_NAME = "x".repeat(Limits.MAX_NAME_BYTES + 1);

	private static final String LONG_TEXT = "x".repeat(Limits.MAX_TEXT_BYTES + 1);

	private static final MessageId ID = new Position(0, 0).message(0);

	@RegisterExtension
	final Buffers buffers = new Buffers();

	static Stream<Arguments> forbidden() {
		return Stream.of(arguments(new Frame.Connect(LONG_NAME, null), "client name must have at most 1024 bytes"),
				arguments(new Frame.Connect("c", LONG_TEXT), "token must have at most 65536 bytes"),
				arguments(new Frame.Connect("\uD800", null), "client name has a surrogate without its pair"),
				arguments(new Frame.Connected(LONG_NAME, 0, 1, 1, 1, Set.of()),
						"broker name must have at most 1024 bytes"),
				arguments(new Frame.Connected("b", -1, 1, 1, 1, Set.of()), "session id must be from 0"),
				arguments(new Frame.Connected("b", 0, 0, 1, 1, Set.of()), "maximum frame size must be from 1"),
				arguments(new Frame.Connected("b", 0, 1, 0, 1, Set.of()), "maximum in flight must be from 1"),
				arguments(new Frame.Connected("b", 0, 1, 1, 0, Set.of()), "maximum message size must be from 1"),
				arguments(new Frame.Connected("b", 0, 1, 1, Limits.MAX_MESSAGE_SIZE + 1, Set.of()),
						"maximum message size must be from 1 to 268435456"),
				arguments(open(-1, "t", "p", 0), "producer id must be from 0"),
				arguments(open(1, LONG_NAME, "p", 0), "topic must have at most 1024 bytes"),
				arguments(open(1, "t", LONG_NAME, 0), "producer name must have at most 1024 bytes"),
				arguments(open(1, "t", "p", -2), "epoch must be from -1"),
				arguments(open(1, "t", "p", Varint.MAX), "epoch must be from -1"),
				arguments(new Frame.ProducerOpened("p", 0, Long.MAX_VALUE), "last sequence id must be from -1"),
				arguments(new Frame.Receipt(Position.BEFORE_FIRST, false), "entry must be from 0"),
				arguments(new Frame.CloseProducer(-1), "producer id must be from 0"),
				arguments(new Frame.ProducerClosed(-1, ErrorCode.NONE, ""), "producer id must be from 0"),
				arguments(subscribe(-1, "t", "s", "c"), "consumer id must be from 0"),
				arguments(subscribe(1, LONG_NAME, "s", "c"), "topic must have at most 1024 bytes"),
				arguments(subscribe(1, "t", LONG_NAME, "c"), "subscription must have at most 1024 bytes"),
				arguments(subscribe(1, "t", "s", LONG_NAME), "consumer name must have at most 1024 bytes"),
				arguments(new Frame.Flow(1, 0), "number of permits must be from 1"),
				arguments(new Frame.Acknowledge(1, List.of()), "number of message ids must be from 1 to 16384"),
				arguments(new Frame.Acknowledge(1, Collections.nCopies(Limits.MAX_ACK_IDS + 1, ID)),
						"number of message ids must be from 1 to 16384"),
				arguments(new Frame.AcknowledgeUpTo(1, MessageIds.unknown()),
						"'unknown' does not say where the message is stored"),
				arguments(
						new Frame.NegativeAcknowledge(1,
								List.of(new Position(0, 0).message(Limits.MAX_BATCH_MESSAGES))),
						"message index must be from 0 to 8191"),
				arguments(new Frame.AcknowledgeUpTo(-1, ID), "consumer id must be from 0"),
				arguments(new Frame.Partitions("t", 0), "number of partitions must be from 1 to 1024"),
				arguments(new Frame.Partitions("t", 1025), "number of partitions must be from 1 to 1024"),
				arguments(new Frame.AcknowledgeUpTo(1, new Position(0, 0).message(Limits.MAX_BATCH_MESSAGES)),
						"message index must be from 0 to 8191"),
				arguments(new Frame.SeekTime(-1, 0), "consumer id must be from 0"),
				arguments(new Frame.AwaitEnd(-1), "consumer id must be from 0"),
				arguments(new Frame.AskBacklog(-1), "consumer id must be from 0"),
				arguments(new Frame.Ok(null, new BacklogReport(-1, 0)), "number of messages must be from 0"),
				arguments(new Frame.Unsubscribe(-1), "consumer id must be from 0"),
				arguments(new Frame.CloseConsumer(-1), "consumer id must be from 0"),
				arguments(new Frame.MessagesTrimmed(1, -1, new Position(0, 0)), "number of messages must be from 0"),
				arguments(new Frame.ConsumerClosed(-1, ErrorCode.NONE, ""), "consumer id must be from 0"));
	}

	@ParameterizedTest
	@MethodSource("forbidden")
	void aForbiddenValueIsNamed(Frame frame, String message) {
		assertRefused(1, frame, message);
	}

	static Stream<Arguments> forbiddenWithBatch() {
		return Stream.of(
				arguments((Function<ByteBuf, Frame>) (part) -> new Frame.Fragment(-1, part),
						"number of bytes that remain must be from 0"),
				publish(-1, 0, 1, "producer id must be from 0"), publish(0, -1, 1, "first sequence id must be from 0"),
				publish(0, SequenceIds.MAX_FIRST + 1, 1, "first sequence id must be from 0"),
				publish(0, 0, 0, "number of messages must be from 1 to 8192"),
				publish(0, 0, Limits.MAX_BATCH_MESSAGES + 1, "number of messages must be from 1 to 8192"),
				arguments(
						(Function<ByteBuf, Frame>) (batch) -> new Frame.Publish(0, 0, 1,
								new BatchEncoding(Compression.LZ4, Limits.MAX_MESSAGE_SIZE + 1, 0), batch),
						"uncompressed size must be from 1 to 268435456"),
				deliver(Position.BEFORE_FIRST, 0, "p", new BitSet(), "entry must be from 0"),
				deliver(Position.of(ID), -1, "p", new BitSet(), "redelivery count must be from 0"),
				deliver(Position.of(ID), 0, LONG_NAME, new BitSet(), "producer name must have at most 1024"),
				deliver(Position.of(ID), 0, "p", BitSet.valueOf(new long[] { 2 }),
						"acknowledged index must be from 0 to 0, was 1"));
	}

	@ParameterizedTest
	@MethodSource("forbiddenWithBatch")
	void theBatchOfARefusedFrameIsReleased(Function<ByteBuf, Frame> frame, String message) {
		for (int size : new int[] { 0, 10, 10_000 }) {
			ByteBuf batch = this.buffers.alloc().buffer().writeZero(size);
			assertRefused(1, frame.apply(batch), message);
			assertThat(batch.refCnt()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
	void aBatchIsWrittenOnlyToWhoHasNamedWhatItTakesToReadIt(Compression compression) {
		Feature needed = Objects.requireNonNull(Feature.reading(compression));
		FrameEncoder others = new FrameEncoder(EnumSet.complementOf(EnumSet.of(needed)));
		FrameEncoder able = new FrameEncoder(Set.of(needed));
		for (FrameEncoder encoder : List.of(FrameEncoder.BASIC, others)) {
			ByteBuf batch = this.buffers.alloc().buffer().writeZero(10);
			Frame frame = compressed(compression, batch);
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> encoder.encode(this.buffers.alloc(), 1, frame))
				.withMessageStartingWith("The peer does not know " + needed + ", which Publish needs here; it knows ")
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.NOT_SUPPORTED));
			assertThat(batch.refCnt()).isZero();
		}
		able.encode(this.buffers.alloc(), 1, compressed(compression, this.buffers.alloc().buffer().writeZero(10)))
			.release();
	}

	static Stream<Arguments> framesOfAFeature() {
		return Stream.of(arguments(Feature.PARTITIONS, new Frame.Partitions("t", 4)),
				arguments(Feature.TOPIC_PATTERNS, new Frame.FindTopics("*", "s", "")),
				arguments(Feature.AWAIT_END, new Frame.AwaitEnd(1)),
				arguments(Feature.BACKLOG, new Frame.AskBacklog(1)),
				arguments(Feature.CANCEL_DELAYED, new Frame.CancelDelayed(1, MessageIds.of(0, 1, 2, 0))));
	}

	@ParameterizedTest
	@MethodSource("framesOfAFeature")
	void aFrameOfAFeatureIsWrittenOnlyToWhoHasNamedIt(Feature needed, Frame frame) {
		for (FrameEncoder encoder : List.of(FrameEncoder.BASIC,
				new FrameEncoder(EnumSet.complementOf(EnumSet.of(needed))))) {
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> encoder.encode(this.buffers.alloc(), 1, frame))
				.withMessageStartingWith("The peer does not know " + needed)
				.returns(ErrorCode.NOT_SUPPORTED, ProtocolException::code);
		}
		new FrameEncoder(Set.of(needed)).encode(this.buffers.alloc(), 1, frame).release();
	}

	private static Frame compressed(Compression compression, ByteBuf batch) {
		return new Frame.Publish(1, 2, 3, BatchEncoding.compressed(compression, 100, batch), batch);
	}

	@Test
	void aNegativeRequestIdIsRefused() {
		assertRefused(-1, new Frame.Ok(), "request id must be from 0");
	}

	@Test
	void aFrameThatNoDecoderTakesIsRefused() {
		ByteBuf part = this.buffers.alloc().buffer(1 << 20).writeZero(1 << 20);
		CompositeByteBuf batch = this.buffers.alloc().compositeBuffer(1024);
		for (int i = 0; i < 1024; i++) {
			batch.addComponent(true, part.retainedSlice());
		}
		part.release();
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> Samples.ENCODER.encode(this.buffers.alloc(), 1, new Frame.Publish(1, 2, 3, batch)))
			.withMessageContaining("A frame must have at most 1073741823 bytes")
			.returns(ErrorCode.FRAME_TOO_LARGE, ProtocolException::code);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 10_000 })
	void theFrameIsReleasedIfThereIsNoMemory(int size) {
		ByteBuf batch = this.buffers.alloc().buffer().writeZero(size);
		ByteBufAllocator alloc = (size == 1) ? new Exhausted() : new OutOfComposites();
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> Samples.ENCODER.encode(alloc, 1, new Frame.Publish(1, 2, 3, batch)));
		assertThat(batch.refCnt()).isZero();
	}

	private void assertRefused(long requestId, Frame frame, String message) {
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> Samples.ENCODER.encode(this.buffers.alloc(), requestId, frame))
			.withMessageContaining(message)
			.returns(ErrorCode.INVALID_REQUEST, ProtocolException::code);
		assertThat(this.buffers.used()).isZero();
	}

	private static Frame open(long id, String topic, String name, long epoch) {
		return new Frame.OpenProducer(id, topic, name, epoch, AccessMode.SHARED);
	}

	private static Frame subscribe(long id, String topic, String subscription, String consumer) {
		return new Frame.Subscribe(id, topic, subscription, SubscriptionType.SHARED, InitialPosition.LATEST, consumer,
				true);
	}

	private static Arguments publish(long id, long firstSequence, int count, String message) {
		Function<ByteBuf, Frame> frame = (batch) -> new Frame.Publish(id, firstSequence, count, batch);
		return arguments(frame, message);
	}

	private static Arguments deliver(Position position, int redeliveries, String name, BitSet acked, String message) {
		Function<ByteBuf, Frame> frame = (batch) -> new Frame.Deliver(1, position, redeliveries, 0, name, 0, 1, acked,
				batch);
		return arguments(frame, message);
	}

	private static class Exhausted extends AbstractByteBufAllocator {

		@Override
		protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
			throw new OutOfMemoryError("on purpose");
		}

		@Override
		protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
			throw new OutOfMemoryError("on purpose");
		}

		@Override
		public boolean isDirectBufferPooled() {
			return false;
		}

	}

	private final class OutOfComposites extends Exhausted {

		@Override
		protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
			return EncodeRefusalTest.this.buffers.alloc().heapBuffer(initialCapacity, maxCapacity);
		}

		@Override
		protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
			return newHeapBuffer(initialCapacity, maxCapacity);
		}

		@Override
		public CompositeByteBuf compositeHeapBuffer(int maxNumComponents) {
			throw new OutOfMemoryError("on purpose");
		}

		@Override
		public CompositeByteBuf compositeDirectBuffer(int maxNumComponents) {
			throw new OutOfMemoryError("on purpose");
		}

	}

}
