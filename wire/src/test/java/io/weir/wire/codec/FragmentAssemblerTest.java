package io.weir.wire.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.wire.Budget;
import io.weir.wire.BudgetShare;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Frames that are longer than the receiver takes, cut up and put together again. */
class FragmentAssemblerTest {

	private static final int MAX_FRAME = 2000;

	private static final int MAX_LENGTH = 500_000;

	@RegisterExtension
	final Buffers buffers = new Buffers();

	private final List<Frame> whole = new ArrayList<>();

	private final FrameDecoder decoder = new FrameDecoder(MAX_FRAME);

	private final Budget all = new Budget(2 * MAX_LENGTH);

	private final Budget own = new Budget(MAX_LENGTH);

	private final AssemblyBudget budget = new AssemblyBudget(MAX_LENGTH, this.own, new BudgetShare(this.all),
			this::makeRoom);

	/** What others hold, and how much of it. */
	private long others;

	private void makeRoom(long needed, long held) {
		if (this.others > held) {
			this.all.giveBack(this.others);
			this.others = 0;
		}
	}

	private final FragmentAssembler assembler = newAssembler();

	private FragmentAssembler newAssembler() {
		return new FragmentAssembler(this.buffers.alloc(), MAX_LENGTH, this.budget, (requestId, frame) -> {
			assertThat(requestId).isEqualTo(77L);
			this.whole.add(frame);
		});
	}

	@AfterEach
	void release() {
		this.assembler.release();
		this.whole.forEach(Frame::release);
		assertThat(this.all.used()).isEqualTo(this.others);
	}

	@ParameterizedTest
	@EnumSource(FrameType.class)
	void framesOfEveryTypeComeBackAsTheyWere(FrameType type) {
		if (type == FrameType.FRAGMENT) {
			return;
		}
		List<Frame> samples = Samples.of(type, this.buffers.alloc());
		List<Frame> expected = Samples.of(type, this.buffers.alloc());
		for (int i = 0; i < samples.size(); i++) {
			ByteBuf bytes = cut(samples.get(i));
			this.decoder.decode(bytes, this.assembler);
			assertThat(bytes.isReadable()).isFalse();
			assertThat(this.whole).containsExactly(expected.get(i));
			bytes.release();
			expected.get(i).release();
			this.whole.remove(0).release();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1900, 1980, 1985, 1990, 1994, 1995, 1996, 2000, 3960, 3980, 100_000, 400_000 })
	void framesOfAnySizeAroundTheLimitComeBackAsTheyWere(int size) {
		Frame.Publish sample = publish(size);
		ByteBuf bytes = cut(publish(size));
		ByteBuf in = this.buffers.empty();
		Random random = new Random(size);
		while (bytes.isReadable()) {
			in.writeBytes(bytes, Math.min(bytes.readableBytes(), 1 + random.nextInt(3000)));
			this.decoder.decode(in, this.assembler);
		}
		assertThat(this.whole).containsExactly(sample);
		sample.release();
		bytes.release();
		in.release();
	}

	@Test
	void aFrameThatFitsIsNotCut() {
		ByteBuf bytes = cut(publish(100));
		this.decoder.decode(bytes, (requestId, frame) -> this.whole.add(frame));
		assertThat(this.whole).hasOnlyElementsOfType(Frame.Publish.class);
		bytes.release();
	}

	@Test
	void otherFramesMayComeInBetween() {
		List<Frame.Fragment> fragments = fragments(10_000);
		Frame.Publish expected = publish(10_000);
		for (Frame.Fragment fragment : fragments) {
			this.assembler.frame(77, new Frame.Ping(1));
			this.assembler.frame(77, fragment);
		}
		assertThat(this.whole).hasSize(fragments.size() + 1).last().isEqualTo(expected);
		expected.release();
	}

	@Test
	void aFrameThatWillBeTooLongIsRefusedByItsFirstFragment() {
		Frame.Fragment first = new Frame.Fragment(MAX_LENGTH, bytes(1024));
		assertRefused(77, first, ErrorCode.FRAME_TOO_LARGE, "at most 500000 bytes in all its fragments, has 501024");
		assertThat(this.buffers.used()).isZero();
	}

	@Test
	void theStreamsOfAConnectionShareABudget() {
		FragmentAssembler other = newAssembler();
		other.frame(77, new Frame.Fragment(300_000, bytes(1024)));
		assertRefused(77, new Frame.Fragment(300_000, bytes(1024)), ErrorCode.OVERLOADED,
				"A frame of 301024 bytes is too much while others of 301024 bytes are incomplete");
		other.release();
		other.release();
		this.assembler.frame(77, new Frame.Fragment(300_000, bytes(1024)));
	}

	@Test
	void aFrameThatIsTooMuchIsRefusedByItsRequestAndTheNextOneIsTaken() {
		List<ProtocolException> refused = new ArrayList<>();
		FragmentAssembler telling = new FragmentAssembler(this.buffers.alloc(), MAX_LENGTH, this.budget,
				new FrameSink() {

					@Override
					public void frame(long requestId, Frame frame) {
						FragmentAssemblerTest.this.whole.add(frame);
					}

					@Override
					public void refused(long requestId, ProtocolException cause) {
						assertThat(requestId).isEqualTo(77L);
						refused.add(cause);
					}

				});
		this.assembler.frame(77, new Frame.Fragment(300_000, bytes(1024)));
		fragments(300_000).forEach((fragment) -> telling.frame(77, fragment));
		assertThat(refused).singleElement().returns(ErrorCode.OVERLOADED, ProtocolException::code);
		assertThat(this.own.refused()).isOne();
		assertThat(this.whole).isEmpty();
		this.assembler.release();
		fragments(300_000).forEach((fragment) -> telling.frame(77, fragment));
		assertThat(this.whole).hasSize(1);
	}

	@Test
	void whoHoldsTheMostMakesRoomForOthers() {
		this.others = 2 * MAX_LENGTH - 10_000;
		this.all.take(this.others);
		this.assembler.frame(77, new Frame.Fragment(300_000, bytes(1024)));
		assertThat(this.others).isZero();
	}

	@Test
	void whoAsksForMoreThanOthersHoldIsRefused() {
		this.others = 200_000;
		this.all.take(this.others);
		Budget elsewhere = this.all;
		elsewhere.take(2 * MAX_LENGTH - 300_000);
		assertRefused(77, new Frame.Fragment(300_000, bytes(1024)), ErrorCode.OVERLOADED,
				"A frame of 301024 bytes is too much now: the broker has 1000000 bytes for all that is incomplete");
		assertThat(this.all.refused()).isOne();
		elsewhere.giveBack(2 * MAX_LENGTH - 300_000);
	}

	@Test
	void piecesThatAreNotTakenAreGivenUp() {
		EncodedFrame frame = EncodedFrame.of(Samples.ENCODER, this.buffers.alloc(), 77, publish(10_000), MAX_FRAME);
		frame.next().release();
		assertThat(frame.hasNext()).isTrue();
		frame.release();
		assertThat(frame.hasNext()).isFalse();
		assertThat(this.buffers.used()).isZero();
	}

	@Test
	void aWholeFrameGivesItsBudgetBack() {
		for (int i = 0; i < 3; i++) {
			fragments(400_000).forEach((fragment) -> this.assembler.frame(77, fragment));
		}
		assertThat(this.whole).hasSize(3);
	}

	@Test
	void whatIsIncompleteIsReleasedWithTheStream() {
		this.assembler.frame(77, new Frame.Fragment(5000, bytes(1024)));
		assertThat(this.buffers.used()).isPositive();
		this.assembler.release();
		assertThat(this.buffers.used()).isZero();
	}

	@Test
	void onlyTheBytesThatCameAreHeld() {
		ByteBuf network = this.buffers.alloc().buffer(1 << 20).writeZero(1 << 20);
		this.assembler.frame(77, new Frame.Fragment(5000, network.readRetainedSlice(1024)));
		network.release();
		assertThat(this.buffers.used()).isLessThan(10_000);
	}

	@Test
	void aFragmentThatDoesNotContinueIsRefused() {
		this.assembler.frame(77, new Frame.Fragment(5000, bytes(1024)));
		assertRefused(78, new Frame.Fragment(3976, bytes(1024)), ErrorCode.PROTOCOL_VIOLATION, "of request 78");
		assertRefused(77, new Frame.Fragment(3977, bytes(1024)), ErrorCode.PROTOCOL_VIOLATION, "does not continue");
		assertRefused(77, new Frame.Fragment(0, bytes(1024)), ErrorCode.PROTOCOL_VIOLATION, "does not continue");
	}

	@Test
	void fragmentsThatAreTooSmallAreRefused() {
		assertRefused(77, new Frame.Fragment(5000, bytes(Limits.MIN_FRAGMENT - 1)), ErrorCode.PROTOCOL_VIOLATION,
				"must have at least 1024 bytes");
		assertRefused(77, new Frame.Fragment(0, bytes(0)), ErrorCode.PROTOCOL_VIOLATION, "must not be empty");
	}

	@Test
	void aFragmentOfAFragmentIsRefused() {
		ByteBuf inner = content(77, new Frame.Fragment(0, bytes(2)));
		assertRefused(77, new Frame.Fragment(0, inner), ErrorCode.PROTOCOL_VIOLATION, "must not be cut into");
	}

	@Test
	void fragmentsOfAnotherRequestsFrameAreRefused() {
		ByteBuf inner = content(78, publish(2));
		assertRefused(77, new Frame.Fragment(0, inner), ErrorCode.PROTOCOL_VIOLATION, "make a frame of request 78");
	}

	@Test
	void fragmentsThatMakeNoFrameAreRefusedAndReleased() {
		assertRefused(77, new Frame.Fragment(0, this.buffers.of(0x24, 0x40)), ErrorCode.PROTOCOL_VIOLATION, "");
		assertThat(this.buffers.used()).isZero();
	}

	@Test
	void aReceiverThatTakesTooLittleForFragmentsIsNotSentAny() {
		Frame large = publish(5000);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> EncodedFrame.of(Samples.ENCODER, this.buffers.alloc(), 77, large, 1000))
			.returns(ErrorCode.FRAME_TOO_LARGE, ProtocolException::code);
		assertThat(this.buffers.used()).isZero();
	}

	private void assertRefused(long requestId, Frame fragment, ErrorCode code, String message) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.assembler.frame(requestId, fragment))
			.withMessageContaining(message)
			.returns(code, ProtocolException::code);
	}

	/** All pieces, one after the other. */
	private ByteBuf cut(Frame frame) {
		ByteBuf pieces = this.buffers.empty();
		EncodedFrame encoded = EncodedFrame.of(Samples.ENCODER, this.buffers.alloc(), 77, frame, MAX_FRAME);
		while (encoded.hasNext()) {
			ByteBuf piece = encoded.next();
			pieces.writeBytes(piece);
			piece.release();
		}
		return pieces;
	}

	private List<Frame.Fragment> fragments(int size) {
		List<Frame.Fragment> fragments = new ArrayList<>();
		ByteBuf bytes = cut(publish(size));
		this.decoder.decode(bytes, (requestId, frame) -> fragments.add((Frame.Fragment) frame));
		bytes.release();
		return fragments;
	}

	private ByteBuf content(long requestId, Frame frame) {
		ByteBuf bytes = Samples.ENCODER.encode(this.buffers.alloc(), requestId, frame);
		Varint.read(bytes, "length");
		return bytes;
	}

	private Frame.Publish publish(int size) {
		return new Frame.Publish(1, 2, 3, bytes(size));
	}

	private ByteBuf bytes(int size) {
		ByteBuf bytes = this.buffers.alloc().buffer(size);
		for (int i = 0; i < size; i++) {
			bytes.writeByte(i * 31);
		}
		return bytes;
	}

}
