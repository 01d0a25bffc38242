package io.weir.wire.codec;

import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import io.weir.fixtures.memory.FailingAllocator;
import io.weir.message.Compression;
import io.weir.wire.Budget;
import io.weir.wire.BudgetShare;
import io.weir.wire.Frame;
import io.weir.wire.codec.BatchCompression.EncodedBatch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each allocation of each way through the codec fails once. Whatever failed, nothing is
 * kept, nothing is released twice, and the next attempt succeeds.
 */
class ShortMemoryTest {

	private static final int BATCH = 10_000;

	private static final int MAX_PIECE = 2000;

	private final FailingAllocator alloc = new FailingAllocator();

	@AfterEach
	void nothingIsKept() {
		assertThat(this.alloc.used()).as("bytes in buffers that nobody released").isZero();
	}

	@Test
	void frameThatCannotBeEncodedIsReleased() {
		failEachAllocation(() -> {
			EncodedFrame frame = EncodedFrame.of(FrameEncoder.BASIC, this.alloc, 1, publish(), Integer.MAX_VALUE);
			try {
				frame.next().release();
			}
			finally {
				frame.release();
			}
		});
	}

	@Test
	void frameOfWhichAPieceCannotBeMadeCanBeReleased() {
		failEachAllocation(() -> {
			EncodedFrame frame = EncodedFrame.of(FrameEncoder.BASIC, this.alloc, 1, publish(), MAX_PIECE);
			try {
				while (frame.hasNext()) {
					frame.next().release();
				}
			}
			finally {
				frame.release();
			}
		});
	}

	@Test
	void fragmentThatCannotBeKeptCostsNoBudgetOnceTheStreamHasEnded() {
		ByteBuf pieces = pieces();
		Budget all = new Budget(2 * BATCH);
		AssemblyBudget budget = new AssemblyBudget(2 * BATCH, new Budget(0), new BudgetShare(all), (needed, held) -> {
		});
		try {
			failEachAllocation(() -> {
				FragmentAssembler assembler = new FragmentAssembler(this.alloc, 2 * BATCH, budget,
						(requestId, frame) -> frame.release());
				try {
					new FrameDecoder(MAX_PIECE).decode(pieces.duplicate(), assembler);
				}
				finally {
					assembler.release();
				}
			});
		}
		finally {
			pieces.release();
		}
		assertThat(all.used()).isZero();
	}

	@ParameterizedTest
	@EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
	void batchThatCannotBeCompressedIsReleased(Compression compression) {
		failEachAllocation(
				() -> BatchCompression.compress(this.alloc, compression, onTheHeap(batch())).bytes().release());
	}

	@ParameterizedTest
	@EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
	void batchThatCannotBeDecompressedStaysTheCallers(Compression compression) {
		EncodedBatch encoded = BatchCompression.compress(ByteBufAllocator.DEFAULT, compression, batch());
		ByteBuf bytes = onTheHeap(encoded.bytes());
		failEachAllocation(() -> BatchCompression.decompress(this.alloc, encoded.encoding(), bytes).release());
		assertThat(bytes.release()).isTrue();
	}

	/** Until an attempt needs no more allocations than were let through. */
	private void failEachAllocation(Runnable attempt) {
		int failed = 0;
		boolean fails = true;
		while (fails) {
			this.alloc.failAt(failed);
			try {
				attempt.run();
			}
			catch (OutOfMemoryError ex) {
				failed++;
				assertThat(this.alloc.used()).as("bytes in use after failure %d", failed).isZero();
			}
			fails = this.alloc.stopFailing();
		}
		assertThat(failed).as("allocations that failed").isPositive();
	}

	private static Frame publish() {
		return new Frame.Publish(1, 1, 1, batch());
	}

	/** Half of it random, so that it can be compressed a little. */
	private static ByteBuf batch() {
		byte[] bytes = new byte[BATCH];
		new Random(1).nextBytes(bytes);
		return Unpooled.directBuffer(BATCH).writeBytes(bytes, 0, BATCH / 2).writeZero(BATCH / 2);
	}

	/** The compressors want native memory. */
	private static ByteBuf onTheHeap(ByteBuf bytes) {
		try {
			return Unpooled.buffer(bytes.readableBytes()).writeBytes(bytes);
		}
		finally {
			bytes.release();
		}
	}

	private static ByteBuf pieces() {
		EncodedFrame frame = EncodedFrame.of(FrameEncoder.BASIC, ByteBufAllocator.DEFAULT, 1, publish(), MAX_PIECE);
		ByteBuf pieces = Unpooled.directBuffer();
		while (frame.hasNext()) {
			ByteBuf piece = frame.next();
			pieces.writeBytes(piece);
			piece.release();
		}
		return pieces;
	}

}
