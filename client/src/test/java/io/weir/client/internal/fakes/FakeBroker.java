package io.weir.client.internal.fakes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

import io.weir.message.Compression;
import io.weir.transport.fakes.FakePeer;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame.ErrorReply;
import io.weir.wire.Frame;
import io.weir.wire.Position;

/**
 * A broker that does what a test says. By default it agrees to everything at once. A
 * refusal answers the next request of its type.
 */
public final class FakeBroker implements FakePeer {

	private final List<Received> received = new ArrayList<>();

	private final List<Received> unanswered = new ArrayList<>();

	private final Map<Class<? extends Frame>, Deque<ErrorReply>> refusals = new HashMap<>();

	private int maxFrameSize = 1024 * 1024;

	private int maxInFlight = 1000;

	private int maxMessageSize = 1024 * 1024;

	private Set<Compression> compressions = Set.of();

	private long lastSequence = -1;

	private long epochs;

	private long positions;

	private @Nullable Class<? extends Frame> held;

	private @Nullable Class<? extends Frame> unwritable;

	/** Says these limits in CONNECTED. */
	public void limits(int maxMessageSize, int maxInFlight) {
		this.maxMessageSize = maxMessageSize;
		this.maxInFlight = maxInFlight;
	}

	/** Says this limit in CONNECTED. */
	public void maxFrameSize(int maxFrameSize) {
		this.maxFrameSize = maxFrameSize;
	}

	/** Says in CONNECTED that it takes these. */
	public void takes(Compression... compressions) {
		this.compressions = Set.of(compressions);
	}

	/** Says that it has seen the producer's sequence ids up to this. */
	public void hasSeen(long lastSequence) {
		this.lastSequence = lastSequence;
	}

	/** Does not answer frames of a type until told. */
	public void hold(Class<? extends Frame> type) {
		this.held = type;
	}

	/** The next frame of a type cannot be written. */
	public void failWrite(Class<? extends Frame> type) {
		this.unwritable = type;
	}

	/** Answers frames of every type at once again. */
	public void holdNothing() {
		this.held = null;
	}

	/** Refuses the next request of a type. */
	public void refuse(Class<? extends Frame> type, ErrorCode code) {
		this.refusals.computeIfAbsent(type, (key) -> new ArrayDeque<>())
			.add(new ErrorReply(code, "refused by the test"));
	}

	@Override
	public void receive(FakeStream stream, long requestId, Frame frame) {
		if (frame.getClass() == this.unwritable) {
			this.unwritable = null;
			frame.release();
			throw new OutOfMemoryError("No memory for " + frame.getClass().getSimpleName() + ", on purpose");
		}
		byte[] bytes = (frame instanceof Frame.Publish publish) ? ByteBufUtil.getBytes(publish.batch()) : new byte[0];
		Received request = new Received(stream, requestId, frame, bytes);
		frame.release();
		this.received.add(request);
		Deque<ErrorReply> refused = this.refusals.get(frame.getClass());
		if (refused != null && !refused.isEmpty()) {
			request.answer(refused.remove());
		}
		else if (frame.getClass() == this.held) {
			this.unanswered.add(request);
		}
		else {
			answer(request);
		}
	}

	private void answer(Received request) {
		Frame frame = request.frame();
		if (frame instanceof Frame.Connect) {
			request.answer(new Frame.Connected("fake", 1, this.maxFrameSize, this.maxInFlight, this.maxMessageSize,
					Feature.of(this.compressions)));
		}
		else if (frame instanceof Frame.OpenProducer open) {
			String name = (open.name() != null) ? open.name() : "given";
			request.answer(new Frame.ProducerOpened(name, this.epochs++, this.lastSequence));
		}
		else if (frame instanceof Frame.Publish) {
			request.answer(new Frame.Receipt(new Position(0, this.positions++), false));
		}
		else if (request.requestId() != 0 && !(frame instanceof Frame.Pong)) {
			request.answer(new Frame.Ok());
		}
	}

	/** Answers what is held, oldest first. */
	public void answerHeld() {
		List<Received> requests = List.copyOf(this.unanswered);
		this.unanswered.clear();
		requests.forEach(this::answer);
	}

	/** What is held, oldest first. */
	public List<Received> held() {
		return this.unanswered;
	}

	/** The oldest request that is held, which is held no longer. */
	public Received takeHeld() {
		return this.unanswered.remove(0);
	}

	/** All frames of a type that came. */
	public <F extends Frame> List<F> frames(Class<F> type) {
		return received(type).map(Received::frame).map(type::cast).toList();
	}

	/** All that came with a type of frame. */
	public Stream<Received> received(Class<? extends Frame> type) {
		return this.received.stream().filter((request) -> type.isInstance(request.frame()));
	}

	/** The last that came with a type of frame. */
	public Received last(Class<? extends Frame> type) {
		return received(type).reduce((first, second) -> second).orElseThrow();
	}

	/**
	 * A frame that came.
	 *
	 * @param stream the stream on which it came
	 * @param requestId its request id
	 * @param frame the frame, which is released
	 * @param bytes the batch of a publish
	 */
	public record Received(FakeStream stream, long requestId, Frame frame, byte[] bytes) {

		public void answer(Frame answer) {
			this.stream.say(this.requestId, answer);
		}

		public void refuse(ErrorCode code) {
			answer(new ErrorReply(code, "refused by the test"));
		}

	}

}
