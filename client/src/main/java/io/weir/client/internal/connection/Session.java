package io.weir.client.internal.connection;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.transport.Connection;
import io.weir.transport.RequestStream;
import io.weir.wire.Frame;

/**
 * One connection on which the broker has answered CONNECT. Safe to use from any thread.
 */
public final class Session {

	/** What a batch may be longer in a DELIVER than in a PUBLISH, and some. */
	private static final int FRAME_OVERHEAD = 4 * 1024;

	private final AtomicLong lastId = new AtomicLong();

	private final Connection connection;

	private final Frame.Connected terms;

	private final Pool<RequestStream> pool;

	/**
	 * Creates the session.
	 * @param connection the connection
	 * @param terms what the broker said
	 * @param pool the connection's stream pool
	 */
	public Session(Connection connection, Frame.Connected terms, Pool<RequestStream> pool) {
		this.connection = connection;
		this.terms = terms;
		this.pool = pool;
	}

	/**
	 * Leases a stream. The lease must be ended by its borrower; the end of the session
	 * ends it as well.
	 * @return the lease, on any thread
	 */
	public CompletionStage<Lease<RequestStream>> borrow() {
		return this.pool.borrowAsync();
	}

	/**
	 * A number for a producer or consumer.
	 * @return a number that was not given before in this session
	 */
	public long nextId() {
		return this.lastId.incrementAndGet();
	}

	/**
	 * The event loop, on which frames must be written if their order matters.
	 * @return runs tasks on it
	 */
	public Executor executor() {
		return this.connection.executor();
	}

	/**
	 * The longest batch that the broker takes and can deliver.
	 * @return the size in bytes
	 */
	public int maxBatchBytes() {
		int frame = this.terms.maxFrameSize();
		return frame - Math.min(FRAME_OVERHEAD, frame / 2);
	}

	/**
	 * How far apart the sequence ids of a producer's unacknowledged messages may be.
	 * @return the number of messages
	 */
	public int maxInFlight() {
		return this.terms.maxInFlight();
	}

	/**
	 * Whether the connection is up, as far as is known.
	 * @return whether it is open
	 */
	public boolean isOpen() {
		return this.connection.isOpen();
	}

	/**
	 * The connection.
	 * @return the connection
	 */
	public Connection connection() {
		return this.connection;
	}

	Pool<RequestStream> pool() {
		return this.pool;
	}

	Frame.Connected terms() {
		return this.terms;
	}

}
