package io.weir.transport;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * A stream on which many requests can be under way at once: each carries an id, and a map
 * from id to waiting answer lets the peer answer in any order. Frames that answer nothing
 * go to the push handler. Safe to use from any thread; answers and pushes are delivered
 * on the connection's event loop.
 */
public final class RequestStream {

	private final Map<Long, CompletableFuture<Frame>> pending = new ConcurrentHashMap<>();

	private final AtomicLong nextId = new AtomicLong();

	/** Told of the end, once. */
	private final AtomicReference<Consumer<ProtocolException>> endHandler = new AtomicReference<>(
			RequestStream::tellNobody);

	private final FrameStream stream;

	private volatile @Nullable ProtocolException ended;

	private volatile boolean endedInOrder;

	private volatile Consumer<Frame> pushHandler = Frame::release;

	private RequestStream(FrameStream stream) {
		this.stream = stream;
	}

	/**
	 * Opens a stream.
	 * @param connection the connection
	 * @return the stream, or exceptionally a {@link ProtocolException}
	 */
	public static CompletionStage<RequestStream> open(Connection connection) {
		Dispatcher dispatcher = new Dispatcher();
		return connection.openStream(dispatcher).thenApply(dispatcher::attach);
	}

	/**
	 * Opens a stream of the highest priority.
	 * @param connection the connection
	 * @return the stream, or exceptionally a {@link ProtocolException}
	 */
	public static CompletionStage<RequestStream> openControl(Connection connection) {
		return open(connection).thenApply((opened) -> {
			opened.stream.prioritise();
			return opened;
		});
	}

	/**
	 * Sends a request.
	 * @param request the request; released here, also on failure
	 * @return the answer, which the receiver must release; exceptionally
	 * {@link ProtocolException}: what the peer said in an {@link Frame.ErrorReply}, or
	 * why the stream ended
	 */
	public CompletableFuture<Frame> request(Frame request) {
		return request(this.nextId.incrementAndGet(), request);
	}

	private CompletableFuture<Frame> request(Long id, Frame request) {
		CompletableFuture<Frame> answer = new CompletableFuture<>();
		this.pending.put(id, answer);
		ProtocolException cause = this.ended;
		if (cause != null) {
			this.pending.remove(id);
			request.release();
			return CompletableFuture.failedFuture(cause);
		}
		try {
			this.stream.write(id, request).whenComplete((ignored, failure) -> {
				if (failure != null && this.pending.remove(id) != null) {
					answer.completeExceptionally(failure);
				}
			});
		}
		catch (RuntimeException | Error ex) {
			this.pending.remove(id);
			answer.completeExceptionally(ex);
		}
		return answer;
	}

	/**
	 * Sends a request and gives up waiting after a time; a late answer is dropped.
	 * @param request the request; released here, also on failure
	 * @param timeout how long to wait
	 * @return as {@link #request(Frame)}, or {@link ErrorCode#TIMEOUT}
	 */
	public CompletableFuture<Frame> request(Frame request, Duration timeout) {
		String what = request.getClass().getSimpleName();
		Long id = this.nextId.incrementAndGet();
		return request(id, request).orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
			.exceptionallyCompose((failure) -> {
				this.pending.remove(id);
				if (failure instanceof TimeoutException) {
					return CompletableFuture.failedFuture(new ProtocolException(ErrorCode.TIMEOUT,
							"No answer to " + what + " within " + timeout.toMillis() + " ms"));
				}
				return CompletableFuture.failedFuture(failure);
			});
	}

	/**
	 * Sends a frame that is not answered.
	 * @param frame the frame; released here, also on failure
	 * @return completes when the frame was handed to the carrier
	 */
	public CompletionStage<Void> send(Frame frame) {
		return this.stream.write(0, frame);
	}

	/**
	 * Asks the peer to answer on this very stream.
	 * @param timeout how long to wait
	 * @return completes when it has answered, else exceptionally with
	 * {@link ProtocolException}
	 */
	public CompletableFuture<Void> ping(Duration timeout) {
		return request(new Frame.Ping(this.nextId.get()), timeout).thenAccept(Frame::release);
	}

	/**
	 * Says who takes the frames that answer no request. Until then they are dropped.
	 * @param handler must release the frames; called on the event loop
	 */
	public void onPush(Consumer<Frame> handler) {
		this.pushHandler = handler;
	}

	/**
	 * Says who is told, instead of whoever was to be told before, when the stream has
	 * ended and what was waiting has failed.
	 * @param handler called once with the reason, on the event loop; at once if the
	 * stream has ended already
	 */
	public void onEnd(Consumer<ProtocolException> handler) {
		this.endHandler.set(handler);
		ProtocolException cause = this.ended;
		if (cause != null) {
			tellEnd(cause);
		}
	}

	private void tellEnd(ProtocolException cause) {
		this.endHandler.getAndSet(RequestStream::tellNobody).accept(cause);
	}

	/**
	 * Takes back {@link #onPush(Consumer)} and {@link #onEnd(Consumer)}, so that the
	 * stream, which may live on in a pool, holds on to nobody.
	 */
	public void detach() {
		this.pushHandler = Frame::release;
		this.endHandler.set(RequestStream::tellNobody);
	}

	/**
	 * How many requests wait for their answer.
	 * @return the count
	 */
	public int pendingRequests() {
		return this.pending.size();
	}

	/**
	 * Whether requests can be sent, as far as is known. Costs nothing.
	 * @return whether the stream is open
	 */
	public boolean isOpen() {
		return this.ended == null && this.stream.isOpen();
	}

	/**
	 * Whether the stream has ended without a reset or another failure, so that nothing
	 * written on it was lost unless the connection was.
	 * @return whether it has ended, in order
	 */
	public boolean endedInOrder() {
		return this.endedInOrder;
	}

	/**
	 * The stream below.
	 * @return the stream
	 */
	public FrameStream stream() {
		return this.stream;
	}

	/** Ends the stream in order; what is still waiting fails when it has ended. */
	public void close() {
		this.stream.close();
	}

	private static void tellNobody(ProtocolException cause) {
	}

	private void onFrame(long requestId, Frame frame) {
		if (frame instanceof Frame.Ping ping) {
			this.stream.write(requestId, new Frame.Pong(ping.nonce()));
			return;
		}
		if (requestId == 0) {
			this.pushHandler.accept(frame);
			return;
		}
		CompletableFuture<Frame> answer = this.pending.remove(requestId);
		if (answer == null) {
			frame.release();
		}
		else if (frame instanceof Frame.ErrorReply error) {
			answer.completeExceptionally(new ProtocolException(error.code(), error.message()));
		}
		else if (!answer.complete(frame)) {
			frame.release();
		}
	}

	private void onClosed(@Nullable Throwable cause) {
		ProtocolException reason = (cause instanceof ProtocolException protocol) ? protocol
				: new ProtocolException(ErrorCode.CONNECTION_LOST, "The stream ended", cause);
		this.endedInOrder = cause == null;
		this.ended = reason;
		this.pending.keySet().forEach((id) -> {
			CompletableFuture<Frame> answer = this.pending.remove(id);
			if (answer != null) {
				answer.completeExceptionally(reason);
			}
		});
		tellEnd(reason);
	}

	/**
	 * Connects the stream's events to the request stream, which exists only when the
	 * stream is open. A peer may not push before it was asked something, so nothing but
	 * the end can come in between.
	 */
	private static final class Dispatcher implements StreamHandler {

		private @Nullable RequestStream target;

		private boolean closed;

		private @Nullable Throwable cause;

		synchronized RequestStream attach(FrameStream stream) {
			RequestStream attached = new RequestStream(stream);
			this.target = attached;
			if (this.closed) {
				attached.onClosed(this.cause);
			}
			return attached;
		}

		private synchronized @Nullable RequestStream target() {
			return this.target;
		}

		@Override
		public void onFrame(FrameStream stream, long requestId, Frame frame) {
			RequestStream to = target();
			if (to == null) {
				frame.release();
				throw new ProtocolException(ErrorCode.PROTOCOL_VIOLATION, "A frame came before anything was asked");
			}
			to.onFrame(requestId, frame);
		}

		/** An answer that cannot be understood answers nothing. */
		@Override
		public void onRefused(FrameStream stream, long requestId, ProtocolException cause) {
			RequestStream to = target();
			CompletableFuture<Frame> answer = (to != null) ? to.pending.remove(requestId) : null;
			if (answer != null) {
				answer.completeExceptionally(cause);
			}
		}

		@Override
		public boolean awaitsAnswer() {
			RequestStream attached = target();
			return attached != null && !attached.pending.isEmpty();
		}

		@Override
		public void onClosed(FrameStream stream, @Nullable Throwable cause) {
			RequestStream to;
			synchronized (this) {
				this.closed = true;
				this.cause = cause;
				to = this.target;
			}
			if (to != null) {
				to.onClosed(cause);
			}
		}

	}

}
