package io.weir.client.internal.fakes;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.SilenceListener;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** A connection to a {@link FakeBroker} that runs on the test's thread. */
public final class FakeConnection implements Connection {

	private final CompletableFuture<ProtocolException> closed = new CompletableFuture<>();

	private final List<FakeStream> streams = new ArrayList<>();

	private final FakeBroker broker;

	private final InetSocketAddress address;

	private int maxFrameSize;

	private final StreamAcceptor acceptor;

	private @Nullable SilenceListener silence;

	FakeConnection(FakeBroker broker, InetSocketAddress address, StreamAcceptor acceptor) {
		this.broker = broker;
		this.address = address;
		this.acceptor = acceptor;
	}

	/** The broker opens a stream. */
	public FakeStream openedByBroker() {
		FakeStream stream = new FakeStream(this.streams.size() * 4L + 1, this,
				(on, requestId, frame) -> this.acceptor.accept(on).onFrame(on, requestId, frame), this.broker);
		this.streams.add(stream);
		return stream;
	}

	@Override
	public CompletionStage<FrameStream> openStream(StreamHandler handler) {
		FakeStream stream = new FakeStream(this.streams.size() * 4L, this, handler, this.broker);
		this.streams.add(stream);
		return CompletableFuture.completedStage(stream);
	}

	/** The streams that were opened, in order; the first is the control stream. */
	public List<FakeStream> streams() {
		return this.streams;
	}

	public FakeStream control() {
		return this.streams.get(0);
	}

	@Override
	public void onSilence(RequestStream control, SilenceListener listener) {
		this.silence = listener;
	}

	/** The broker does not answer any more. */
	public void fallSilent() {
		Objects.requireNonNull(this.silence).silent(this, Duration.ofMillis(500));
	}

	/** The broker answers again. */
	public void answerAgain() {
		Objects.requireNonNull(this.silence).heardAgain(this);
	}

	/** The connection breaks. */
	public void breakDown(ErrorCode code) {
		end(new ProtocolException(code, "The connection was broken by the test"));
	}

	private void end(ProtocolException cause) {
		if (!this.closed.isDone()) {
			List.copyOf(this.streams).forEach((stream) -> stream.end(cause));
			this.closed.complete(cause);
		}
	}

	@Override
	public void limitFrames(int maxFrameSize) {
		this.maxFrameSize = maxFrameSize;
	}

	/** The longest frame that the broker said to take. */
	public int maxFrameSize() {
		return this.maxFrameSize;
	}

	@Override
	public void admit() {
	}

	@Override
	public void waits(long bytes) {
	}

	@Override
	public boolean isOpen() {
		return !this.closed.isDone();
	}

	@Override
	public CompletionStage<ProtocolException> closed() {
		return this.closed.minimalCompletionStage();
	}

	@Override
	public CompletionStage<Void> close(ErrorCode code, String reason) {
		end(new ProtocolException(code, reason));
		return CompletableFuture.completedStage(null);
	}

	@Override
	public SocketAddress remoteAddress() {
		return this.address;
	}

	public InetSocketAddress address() {
		return this.address;
	}

	@Override
	public Executor executor() {
		return Runnable::run;
	}

}
