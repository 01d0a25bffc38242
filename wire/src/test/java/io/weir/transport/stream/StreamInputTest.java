package io.weir.transport.stream;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.transport.TransportOptions;
import io.weir.wire.Budget;
import io.weir.wire.BudgetShare;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.AssemblyBudget;
import io.weir.wire.codec.FrameEncoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** From bytes, however they are cut, to frames; paused, or short of memory. */
class StreamInputTest {

	private static final int LIMIT = 10_000;

	private final Budget all = new Budget(LIMIT);

	private final AssemblyBudget budget = new AssemblyBudget(LIMIT, this.all, new BudgetShare(this.all),
			(needed, held) -> {
			});

	private final List<Long> received = new ArrayList<>();

	private boolean allocationFails;

	/** Called with each frame. */
	private Runnable whenReceived = () -> {
	};

	private final StreamInput input = new StreamInput(new Allocator(), TransportOptions.DEFAULTS, this.budget,
			this::receive);

	@AfterEach
	void nothingMustBeLeft() {
		this.input.release();
		assertThat(this.all.used()).isZero();
	}

	@Test
	void framesComeHoweverTheyAreCut() {
		for (int size = 1; size < 40; size++) {
			this.received.clear();
			ByteBuf bytes = pings(20);
			while (bytes.isReadable()) {
				this.input.read(bytes.readRetainedSlice(Math.min(size, bytes.readableBytes())));
			}
			bytes.release();
			assertThat(this.received).hasSize(20).isSorted();
			assertThat(this.all.used()).isZero();
		}
	}

	@Test
	void whatIsKeptIsCountedInItsExactSize() {
		ByteBuf bytes = Unpooled.buffer(4000).writeShort(0x4000 | 1000).writeZero(10);
		this.input.read(bytes);
		assertThat(this.all.used()).isBetween(1002L, 1200L);
	}

	@Test
	void frameThatIsTooMuchIsRefusedBeforeItIsKept() {
		ByteBuf bytes = Unpooled.buffer().writeInt(0x8000_0000 | LIMIT).writeZero(10);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.input.read(bytes))
			.returns(ErrorCode.OVERLOADED, ProtocolException::code);
		assertThat(bytes.refCnt()).isZero();
		assertThat(this.all.used()).isZero();
	}

	@Test
	void framesOfAPausedStreamComeInOrderWhenItGoesOn() {
		this.whenReceived = () -> {
			if (this.received.size() == 3) {
				this.input.pause();
			}
		};
		ByteBuf bytes = pings(10);
		this.input.read(bytes.readRetainedSlice(bytes.readableBytes() / 2 + 1));
		this.input.read(bytes);
		assertThat(this.received).containsExactly(1L, 2L, 3L);
		assertThat(this.input.isHeldUp()).isTrue();
		assertThat(this.all.used()).isPositive();
		this.input.resume();
		assertThat(this.received).hasSize(10).isSorted();
		assertThat(this.input.isHeldUp()).isFalse();
		assertThat(this.all.used()).isZero();
	}

	@Test
	void streamThatGoesOnWhileAFrameIsHandedOutKeepsTheOrder() {
		this.whenReceived = () -> {
			this.input.pause();
			this.input.resume();
		};
		this.input.read(pings(10));
		assertThat(this.received).hasSize(10).isSorted();
	}

	@Test
	void frameOfWhichNextToNothingComesIsTooSlow() {
		this.input.read(Unpooled.buffer().writeShort(0x4000 | 6400).writeZero(10));
		assertThat(this.input.isTooSlow()).as("seen for the first time").isFalse();
		this.input.read(Unpooled.buffer().writeZero(200));
		assertThat(this.input.isTooSlow()).as("gets on").isFalse();
		this.input.read(Unpooled.buffer().writeZero(10));
		assertThat(this.input.isTooSlow()).isTrue();
	}

	@Test
	void frameInFragmentsOfWhichNextToNothingComesIsTooSlow() {
		readFragment(8900, 1024);
		assertThat(this.input.isTooSlow()).as("seen for the first time").isFalse();
		readFragment(7876, 1024);
		assertThat(this.input.isTooSlow()).as("gets on").isFalse();
		this.input.read(pings(30));
		assertThat(this.input.isTooSlow()).as("other frames do not count").isTrue();
	}

	@Test
	void frameThatFollowsAnotherHasTimeOfItsOwn() {
		ByteBuf ping = pings(1);
		for (int i = 0; i < 5; i++) {
			this.input.read(ping.copy(0, 3));
			assertThat(this.input.isTooSlow()).isFalse();
			this.input.read(ping.copy(3, ping.readableBytes() - 3));
		}
		ping.release();
		assertThat(this.received).hasSize(5);
	}

	@Test
	void timeInWhichNothingCouldBeSentDoesNotCount() {
		this.input.read(Unpooled.buffer().writeShort(0x4000 | 6400).writeZero(10));
		assertThat(this.input.isTooSlow()).isFalse();
		this.input.restartTiming();
		assertThat(this.input.isTooSlow()).isFalse();
		assertThat(this.input.isTooSlow()).isTrue();
	}

	private void readFragment(int length, int size) {
		this.input.read(FrameEncoder.BASIC.encode(ByteBufAllocator.DEFAULT, 1,
				new Frame.Fragment(length - size, Unpooled.buffer().writeZero(size))));
	}

	@Test
	void allocationThatFailsLeavesNothingCounted() {
		this.allocationFails = true;
		ByteBuf bytes = Unpooled.buffer().writeShort(0x4000 | 1000).writeZero(10);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.input.read(bytes));
		assertThat(bytes.refCnt()).isZero();
		assertThat(this.all.used()).isZero();
	}

	@Test
	void allocationThatFailsForAFragmentLeavesNothingWhenTheStreamEnds() {
		ByteBuf bytes = FrameEncoder.BASIC.encode(ByteBufAllocator.DEFAULT, 1,
				new Frame.Fragment(2000, Unpooled.buffer().writeZero(1024)));
		this.allocationFails = true;
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.input.read(bytes));
		assertThat(bytes.refCnt()).isZero();
		this.input.release();
		assertThat(this.all.used()).isZero();
	}

	private void receive(long requestId, Frame frame) {
		frame.release();
		this.received.add(requestId);
		this.whenReceived.run();
	}

	private static ByteBuf pings(int count) {
		ByteBuf pings = Unpooled.buffer();
		for (int i = 1; i <= count; i++) {
			ByteBuf ping = FrameEncoder.BASIC.encode(ByteBufAllocator.DEFAULT, i, new Frame.Ping(i));
			pings.writeBytes(ping);
			ping.release();
		}
		return pings;
	}

	/** Fails when it is told to. */
	private final class Allocator extends AbstractByteBufAllocator {

		@Override
		protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
			return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
		}

		@Override
		protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
			if (StreamInputTest.this.allocationFails) {
				throw new OutOfMemoryError("as the test wants");
			}
			return UnpooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
		}

		@Override
		public boolean isDirectBufferPooled() {
			return false;
		}

	}

}
