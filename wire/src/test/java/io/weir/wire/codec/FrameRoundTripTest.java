package io.weir.wire.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.wire.Frame;
import io.weir.wire.Limits;

import static org.assertj.core.api.Assertions.assertThat;

/** What is encoded comes out again, however the bytes arrive. */
class FrameRoundTripTest {

	/**
	 * Longer frames are split near their ends only; each piece but the last is the same.
	 */
	private static final int LONGEST_TO_SPLIT = 3000;

	@RegisterExtension
	final Buffers buffers = new Buffers();

	private final FrameDecoder decoder = new FrameDecoder(Limits.DEFAULT_MAX_FRAME_SIZE);

	private final List<Frame> decoded = new ArrayList<>();

	private final List<Long> requestIds = new ArrayList<>();

	@ParameterizedTest
	@EnumSource(FrameType.class)
	void aWholeFrameIsDecoded(FrameType type) {
		forEachSample(type, (bytes) -> decode(bytes));
	}

	@ParameterizedTest
	@EnumSource(FrameType.class)
	void aFrameSplitAtAnyByteIsDecodedWhenItIsWhole(FrameType type) {
		forEachSample(type, (bytes) -> {
			int end = bytes.writerIndex();
			for (int split = 0; split < end; split++) {
				if (end > LONGEST_TO_SPLIT && split == 64) {
					split = end - 64;
				}
				releaseDecoded();
				bytes.setIndex(0, split);
				decode(bytes);
				assertThat(this.decoded).isEmpty();
				assertThat(bytes.readerIndex()).isZero();
				bytes.writerIndex(end);
				decode(bytes);
			}
		});
	}

	@ParameterizedTest
	@EnumSource(FrameType.class)
	void aFrameThatArrivesByteByByteIsDecodedAtItsLastByte(FrameType type) {
		forEachSample(type, (bytes) -> {
			int end = bytes.writerIndex();
			for (int arrived = 0; arrived < end; arrived++) {
				assertThat(this.decoded).isEmpty();
				bytes.writerIndex(arrived + 1);
				decode(bytes);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 7, 64, 1000, 65_536, Integer.MAX_VALUE })
	void framesBackToBackAreDecodedInOrder(int chunk) {
		List<Frame> expected = Samples.all(this.buffers.alloc());
		ByteBuf bytes = this.buffers.empty();
		Samples.all(this.buffers.alloc()).forEach((frame) -> append(bytes, bytes.writerIndex() % 16_000, frame));
		int end = bytes.writerIndex();
		bytes.writerIndex(0);
		while (bytes.writerIndex() < end) {
			bytes.writerIndex((int) Math.min(end, (long) bytes.writerIndex() + chunk));
			decode(bytes);
		}
		assertThat(bytes.isReadable()).isFalse();
		assertThat(this.decoded).isEqualTo(expected);
		expected.forEach(Frame::release);
		releaseDecoded();
		bytes.release();
	}

	@Test
	void everyRequestIdComesBack() {
		ByteBuf bytes = this.buffers.empty();
		Samples.NUMBERS.forEach((id) -> append(bytes, id, new Frame.Ok()));
		decode(bytes);
		assertThat(this.requestIds).isEqualTo(Samples.NUMBERS);
		bytes.release();
	}

	@Test
	void aLargeBatchIsEncodedWithoutACopy() {
		ByteBuf batch = this.buffers.alloc().buffer(5000).writeZero(5000);
		ByteBuf bytes = Samples.ENCODER.encode(this.buffers.alloc(), 1, new Frame.Publish(1, 2, 3, batch));
		assertThat(bytes).isInstanceOf(CompositeByteBuf.class);
		batch.setByte(0, 42);
		assertThat(bytes.getByte(bytes.writerIndex() - 5000)).isEqualTo((byte) 42);
		bytes.release();
		assertThat(batch.refCnt()).isZero();
	}

	@Test
	void aSmallFrameIsOneBufferAndItsBatchIsReleased() {
		ByteBuf batch = this.buffers.of(1, 2, 3);
		ByteBuf bytes = Samples.ENCODER.encode(this.buffers.alloc(), 1, new Frame.Publish(1, 2, 3, batch));
		assertThat(bytes).isNotInstanceOf(CompositeByteBuf.class);
		assertThat(batch.refCnt()).isZero();
		bytes.release();
	}

	@Test
	void onlyTheReadablePartOfABatchTravels() {
		ByteBuf batch = this.buffers.of(9, 9, 1, 2).skipBytes(2);
		ByteBuf bytes = Samples.ENCODER.encode(this.buffers.alloc(), 1, new Frame.Publish(1, 2, 3, batch));
		decode(bytes);
		ByteBuf expected = this.buffers.of(1, 2);
		assertThat(this.decoded).containsExactly(new Frame.Publish(1, 2, 3, expected));
		expected.release();
		releaseDecoded();
		bytes.release();
	}

	@Test
	void aDecodedBatchIsASliceThatOutlivesTheInput() {
		ByteBuf bytes = Samples.ENCODER.encode(this.buffers.alloc(), 1,
				new Frame.Publish(1, 2, 3, this.buffers.of(7, 8)));
		decode(bytes);
		ByteBuf batch = ((Frame.Publish) this.decoded.get(0)).batch();
		assertThat(bytes.refCnt()).isEqualTo(2);
		assertThat(batch.unwrap()).isNotNull();
		bytes.release();
		assertThat(batch.readByte()).isEqualTo((byte) 7);
		batch.release();
	}

	private void forEachSample(FrameType type, Consumer<ByteBuf> feeder) {
		List<Frame> expected = Samples.of(type, this.buffers.alloc());
		List<Frame> samples = Samples.of(type, this.buffers.alloc());
		assertThat(samples).isNotEmpty();
		for (int i = 0; i < samples.size(); i++) {
			ByteBuf bytes = this.buffers.empty();
			append(bytes, 77, samples.get(i));
			feeder.accept(bytes);
			assertThat(this.decoded).containsExactly(expected.get(i));
			assertThat(this.requestIds).last().isEqualTo(77L);
			assertThat(bytes.isReadable()).isFalse();
			expected.get(i).release();
			releaseDecoded();
			bytes.release();
		}
	}

	private void append(ByteBuf bytes, long requestId, Frame frame) {
		ByteBuf encoded = Samples.ENCODER.encode(this.buffers.alloc(), requestId, frame);
		bytes.writeBytes(encoded);
		encoded.release();
	}

	private void decode(ByteBuf bytes) {
		this.decoder.decode(bytes, (requestId, frame) -> {
			this.requestIds.add(requestId);
			this.decoded.add(frame);
		});
	}

	private void releaseDecoded() {
		this.decoded.forEach(Frame::release);
		this.decoded.clear();
	}

}
