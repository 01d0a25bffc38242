package io.weir.wire.codec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.weir.fixtures.fuzz.Mutator;
import io.weir.message.Headers;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;

/**
 * Damages what was well-formed, in seeded random ways. Whatever arrives, only a
 * {@link ProtocolException} may come out, nothing leaks, and what was decoded can be
 * encoded again.
 */
class CodecFuzzTest {

	private static final int INPUTS = 200_000;

	/** A failure names the seed; {@code -Dweir.fuzz.seed=…} runs it again. */
	private static final long SEED = Long.getLong("weir.fuzz.seed", System.nanoTime());

	private static final int MAX_SEED_BYTES = 300;

	private static final int MAX_FRAME_SIZE = 2000;

	@RegisterExtension
	final Buffers buffers = new Buffers();

	private final Mutator mutator = new Mutator(new Random(SEED));

	private final FrameDecoder decoder = new FrameDecoder(MAX_FRAME_SIZE);

	@Test
	void damagedFramesNeverCauseMoreThanAProtocolError() {
		List<byte[]> corpus = frames();
		int refused = 0;
		int taken = 0;
		for (int i = 0; i < INPUTS; i++) {
			byte[] input = this.mutator.mutate(corpus);
			ByteBuf in = this.buffers.alloc().buffer(input.length).writeBytes(input);
			try {
				this.decoder.decode(in, this::take);
				require(!hasWholeFrame(in), input, "A whole frame was left");
				taken++;
			}
			catch (ProtocolException ex) {
				refused++;
			}
			catch (RuntimeException ex) {
				throw new AssertionError(describe(input, ex.toString()), ex);
			}
			in.release();
			require(this.buffers.used() == 0, input, "A buffer leaked");
		}
		require(refused > INPUTS / 10 && taken > INPUTS / 10, new byte[0], refused + " refused, " + taken + " taken");
	}

	@Test
	void damagedBatchesNeverCauseMoreThanAProtocolErrorAndCheckAgreesWithRead() {
		List<byte[]> corpus = List.of(batch());
		int refused = 0;
		for (int i = 0; i < INPUTS; i++) {
			byte[] input = this.mutator.mutate(corpus);
			refused += isBatch(Unpooled.wrappedBuffer(input), 3, input) ? 0 : 1;
		}
		require(refused > INPUTS / 10 && refused < INPUTS, new byte[0], refused + " refused");
	}

	/** Takes a frame: what was decoded must be what an encoder may write. */
	private void take(long requestId, Frame frame) {
		if (frame instanceof Frame.Publish publish) {
			isBatch(publish.batch(), publish.count(), new byte[0]);
		}
		ByteBuf again = Samples.ENCODER.encode(this.buffers.alloc(), requestId, frame);
		try {
			new FrameDecoder(2 * MAX_FRAME_SIZE).decode(again, (id, same) -> {
				require(id == requestId, new byte[0], "Another request id");
				same.release();
			});
			require(!again.isReadable(), new byte[0], "Encoding again failed: " + frame);
		}
		finally {
			again.release();
		}
	}

	private static boolean isBatch(ByteBuf batch, int count, byte[] input) {
		boolean checked = succeeds(() -> MessageBatch.check(batch, count, Samples.NOBODY));
		boolean read = succeeds(() -> MessageBatch.read(batch, count));
		require(checked == read, input, "check says " + checked + ", read says " + read);
		return read;
	}

	private static boolean succeeds(Runnable action) {
		try {
			action.run();
			return true;
		}
		catch (ProtocolException ex) {
			return false;
		}
	}

	private static boolean hasWholeFrame(ByteBuf in) {
		ByteBuf rest = in.duplicate();
		return Varint.isComplete(rest) && Varint.read(rest, "length") <= rest.readableBytes();
	}

	private List<byte[]> frames() {
		List<byte[]> frames = new ArrayList<>();
		List<Frame> samples = new ArrayList<>(Samples.all(this.buffers.alloc()));
		samples.add(new Frame.Publish(1, 2, 3, this.buffers.empty().writeBytes(batch())));
		for (Frame sample : samples) {
			ByteBuf encoded = Samples.ENCODER.encode(this.buffers.alloc(), 5, sample);
			if (encoded.readableBytes() <= MAX_SEED_BYTES) {
				byte[] bytes = new byte[encoded.readableBytes()];
				encoded.readBytes(bytes);
				frames.add(bytes);
			}
			encoded.release();
		}
		return frames;
	}

	private static byte[] batch() {
		ByteBuf batch = Unpooled.buffer();
		Headers headers = Headers.empty().with("name", "ä€😀").with("other", "");
		ByteBuf payload = Unpooled.wrappedBuffer(new byte[] { 1, 2, 3 });
		MessageBatch.write(batch, new MessageRecord(null, null, Headers.empty(), payload));
		MessageBatch.write(batch, new MessageRecord("key", Instant.EPOCH, headers, payload));
		MessageBatch.write(batch, new MessageRecord("key", null, Headers.empty(), payload));
		return Arrays.copyOf(batch.array(), batch.writerIndex());
	}

	private static void require(boolean condition, byte[] input, String otherwise) {
		if (!condition) {
			throw new AssertionError(describe(input, otherwise));
		}
	}

	private static String describe(byte[] input, String what) {
		return what + ", seed " + SEED + ", input " + ByteBufUtil.hexDump(input);
	}

}
