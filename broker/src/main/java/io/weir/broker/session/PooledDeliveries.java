package io.weir.broker.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Effect;
import io.weir.pool.BorrowTimeoutException;
import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.transport.Connection;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * The deliveries of a session whose order does not matter, each on a stream of its own
 * from a pool of streams that the broker opens. A stream is free again when QUIC has
 * taken the whole delivery, which it does as far as the client grants credit; after a
 * large one, when the client has answered a ping behind it. So what is held up by a large
 * or unread message is not lent to the next one.
 *
 * <p>
 * What cannot go on a pooled stream, because the client takes none or ends it, goes on
 * the consumer's own. Everything but {@link #deliver} is for the connection's event loop.
 */
final class PooledDeliveries {

	/** The most streams that the broker opens on one connection. */
	static final int MAX_STREAMS = 16;

	/** What is larger keeps its stream until the client has seen it. */
	static final int LARGE_BYTES = 64 * 1024;

	/** How long the client may take to answer a ping until a stream counts as dead. */
	static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

	/** Deliveries for which no stream was free yet. */
	private final Queue<Effect.Deliver> waiting = new ArrayDeque<>();

	/** The open streams that carried deliveries. */
	private final Set<RequestStream> streams = new HashSet<>();

	private final Connection connection;

	private final Supplier<Pool<RequestStream>> newPool;

	private final Consumer<Effect.Deliver> written;

	private final Consumer<Effect.Deliver> ownStream;

	private @Nullable Pool<RequestStream> pool;

	private boolean borrowing;

	private boolean serving;

	private boolean ended;

	/**
	 * Creates the way out; the pool is made when it is needed.
	 * @param newPool makes the connection's pool, which is closed here
	 * @param written told of each delivery that QUIC has taken
	 * @param ownStream sends what cannot go on a pooled stream, and releases it
	 */
	PooledDeliveries(Connection connection, Supplier<Pool<RequestStream>> newPool, Consumer<Effect.Deliver> written,
			Consumer<Effect.Deliver> ownStream) {
		this.connection = connection;
		this.newPool = newPool;
		this.written = written;
		this.ownStream = ownStream;
	}

	/** Sends a delivery, whose buffer is released; on any thread. */
	void deliver(Effect.Deliver deliver) {
		try {
			this.connection.executor().execute(() -> add(deliver));
		}
		catch (RejectedExecutionException ex) {
			deliver.release();
		}
		catch (Error ex) {
			deliver.release();
			throw ex;
		}
	}

	private void add(Effect.Deliver deliver) {
		if (this.ended) {
			deliver.release();
			return;
		}
		this.waiting.add(deliver);
		this.connection.waits(SessionOutput.DELIVERY_COST + size(deliver));
		serve();
	}

	/** One borrower at a time: the others could not go before it. */
	private void serve() {
		if (this.serving) {
			return;
		}
		this.serving = true;
		try {
			while (!this.borrowing && !this.waiting.isEmpty()) {
				Lease<RequestStream> free = pool().tryBorrow();
				if (free != null) {
					writeNext(free);
				}
				else {
					this.borrowing = true;
					pool().borrowAsync(this.connection.executor()).whenComplete(this::borrowed);
				}
			}
		}
		finally {
			this.serving = false;
		}
	}

	private Pool<RequestStream> pool() {
		if (this.pool == null) {
			this.pool = this.newPool.get();
		}
		return this.pool;
	}

	private void borrowed(@Nullable Lease<RequestStream> lease, @Nullable Throwable failure) {
		this.borrowing = false;
		if (lease != null) {
			writeNext(lease);
		}
		else if (!(failure instanceof BorrowTimeoutException)) {
			sendOnOwnStreams();
		}
		serve();
	}

	private void writeNext(Lease<RequestStream> lease) {
		Effect.Deliver next = poll();
		if (next != null) {
			write(next, lease);
		}
		else {
			lease.close();
		}
	}

	private Effect.@Nullable Deliver poll() {
		Effect.Deliver next = this.waiting.poll();
		if (next != null) {
			this.connection.waits(-SessionOutput.DELIVERY_COST - size(next));
		}
		return next;
	}

	private static int size(Effect.Deliver deliver) {
		return deliver.bytes();
	}

	/** There is no pooled stream, nor can one be opened. */
	private void sendOnOwnStreams() {
		for (Effect.Deliver next = poll(); next != null; next = poll()) {
			this.ownStream.accept(next);
		}
	}

	private void write(Effect.Deliver deliver, Lease<RequestStream> lease) {
		RequestStream stream = lease.resource();
		if (this.streams.add(stream)) {
			stream.onPush(PooledDeliveries::refuse);
			stream.onEnd((cause) -> streamEnded(stream, cause));
		}
		int bytes = size(deliver);
		deliver.entry().retain();
		stream.send(Frames.of(deliver)).whenComplete((done, failure) -> {
			if (failure == null) {
				deliver.release();
				this.written.accept(deliver);
				free(lease, bytes);
			}
			else {
				lease.invalidate();
				failed(deliver);
			}
		});
	}

	private void failed(Effect.Deliver deliver) {
		if (this.ended) {
			deliver.release();
		}
		else {
			this.ownStream.accept(deliver);
		}
	}

	private static void free(Lease<RequestStream> lease, int bytes) {
		if (bytes <= LARGE_BYTES) {
			lease.close();
			return;
		}
		lease.resource().ping(PING_TIMEOUT).whenComplete((done, failure) -> {
			if (failure == null) {
				lease.close();
			}
			else {
				lease.invalidate();
			}
		});
	}

	private static void refuse(Frame frame) {
		frame.release();
		throw new ProtocolException(ErrorCode.PROTOCOL_VIOLATION,
				frame.getClass().getSimpleName() + " must not come on a stream that the broker opened");
	}

	/**
	 * What was on its way on a stream that was reset is lost, and nobody knows what that
	 * was. With the connection everything that is not acknowledged is delivered again.
	 */
	private void streamEnded(RequestStream stream, ProtocolException cause) {
		this.streams.remove(stream);
		if (this.connection.isOpen() && !stream.endedInOrder()) {
			this.connection.close(codeAfter(cause.code()), "A stream with deliveries was reset: " + cause.code());
		}
	}

	/** One side had no memory or failed: the client is to come again soon. */
	private static ErrorCode codeAfter(ErrorCode reset) {
		return (reset == ErrorCode.OVERLOADED || reset == ErrorCode.INTERNAL) ? reset : ErrorCode.PROTOCOL_VIOLATION;
	}

	/**
	 * Pings the client on each stream, behind what was said there.
	 * @return completes when it has answered, or not in time
	 */
	CompletableFuture<Void> flush() {
		return CompletableFuture.allOf(this.streams.stream()
			.map((stream) -> stream.ping(PING_TIMEOUT).exceptionally((failure) -> null))
			.toArray(CompletableFuture[]::new));
	}

	/** The connection has ended. */
	void end() {
		this.ended = true;
		this.waiting.forEach((deliver) -> deliver.release());
		this.waiting.clear();
		this.streams.clear();
		if (this.pool != null) {
			this.pool.invalidateAll();
			this.pool.closeAsync(Duration.ZERO);
		}
	}

}
