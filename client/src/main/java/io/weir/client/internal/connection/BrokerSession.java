package io.weir.client.internal.connection;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.message.Compression;
import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.transport.Connection;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

/**
 * One connection on which the broker has answered CONNECT. Safe to use from any thread.
 */
public final class BrokerSession {

	private final AtomicLong lastId = new AtomicLong();

	private final Connection connection;

	private final Frame.Connected terms;

	private final Pool<RequestStream> pool;

	private final SharedStreams streams;

	private final FragmentQuota fragmentQuota;

	private final BrokerStreams brokerStreams;

	/** Completes when the broker does not answer; another one when it answers again. */
	private volatile CompletableFuture<Void> silence = new CompletableFuture<>();

	/**
	 * Creates the session.
	 * @param connection the connection
	 * @param terms what the broker said
	 * @param pool the connection's stream pool
	 * @param brokerStreams takes what comes on streams that the broker opens
	 */
	BrokerSession(Connection connection, Frame.Connected terms, Pool<RequestStream> pool, BrokerStreams brokerStreams) {
		this.connection = connection;
		this.terms = terms;
		this.pool = pool;
		this.streams = new SharedStreams(pool);
		this.fragmentQuota = new FragmentQuota(terms.maxFrameSize() - Limits.MAX_FRAME_FIELDS, Limits.MAX_FRAME_FIELDS,
				terms.maxMessageSize());
		this.brokerStreams = brokerStreams;
	}

	/**
	 * Leases a stream for as long as it is needed: one of its own, or one that others use
	 * as well when the pool has no more. The lease must be ended by its borrower; the end
	 * of the session ends it as well.
	 * @return the lease, on any thread
	 */
	public CompletionStage<StreamShare> share() {
		return share(false);
	}

	/**
	 * As {@link #share()}.
	 * @param common whether it may be one of the few streams that many have in common
	 * @return the lease, on any thread
	 */
	public CompletionStage<StreamShare> share(boolean common) {
		return this.streams.take(common);
	}

	/**
	 * Leases a stream for its borrower alone, for as long as there is work for it. The
	 * lease must be ended by its borrower; the end of the session ends it as well.
	 * @return the lease, on any thread
	 */
	public CompletionStage<Lease<RequestStream>> borrow() {
		return this.pool.borrowAsync();
	}

	/**
	 * The stream of a lease. The end of the session ends leases before it is told.
	 * @param lease the lease
	 * @return the stream
	 * @throws ProtocolException {@link ErrorCode#CONNECTION_LOST} if the lease has ended
	 */
	public static RequestStream streamOf(Lease<RequestStream> lease) {
		try {
			return lease.resource();
		}
		catch (IllegalStateException ex) {
			throw new ProtocolException(ErrorCode.CONNECTION_LOST, "The stream ended with its connection", ex);
		}
	}

	/**
	 * A number for a producer or consumer.
	 * @return a number that was not given before in this session
	 */
	public long nextId() {
		return this.lastId.incrementAndGet();
	}

	/**
	 * Says who takes the deliveries for a consumer that come on streams that the broker
	 * opens.
	 * @param id the consumer's number in the session
	 * @param receiver must release the frames and not block; called on the event loop
	 */
	public void onDelivery(long id, Consumer<Frame> receiver) {
		this.brokerStreams.add(id, receiver);
	}

	/**
	 * Takes back {@link #onDelivery}: what still comes is dropped.
	 * @param id the number, which is not used again
	 */
	public void forget(long id) {
		this.brokerStreams.remove(id);
	}

	/**
	 * The event loop, on which frames must be written if their order matters.
	 * @return runs tasks on it
	 */
	public Executor executor() {
		return this.connection.executor();
	}

	/**
	 * The longest batch that the broker takes.
	 * @return the size in bytes
	 */
	public int maxBatchBytes() {
		return this.terms.maxMessageSize();
	}

	/**
	 * Whether the broker takes batches that are compressed.
	 * @param compression how
	 * @return why not, or {@code null} if it takes them
	 */
	public @Nullable ProtocolException refusal(Compression compression) {
		if (compression == Compression.NONE
				|| this.terms.features().containsAll(Feature.reading(Set.of(compression)))) {
			return null;
		}
		return new ProtocolException(ErrorCode.NOT_SUPPORTED,
				"The broker takes no batches compressed with " + compression + "; it reads " + readable());
	}

	private Set<Feature> readable() {
		Set<Feature> readable = EnumSet.copyOf(Feature.reading(Set.of(Compression.values())));
		readable.retainAll(this.terms.features());
		return readable;
	}

	/**
	 * What bounds the batches that travel in fragments.
	 * @return the session's quota
	 */
	public FragmentQuota fragmentQuota() {
		return this.fragmentQuota;
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
	 * Completes when the broker does not answer any more, as far as is known; at once if
	 * it does not answer now. Whoever waits for the first of this and something else must
	 * use {@link CompletableFuture#anyOf}, which leaves nothing behind here.
	 * @return the future, completed on the manager's executor
	 */
	public CompletableFuture<Void> silence() {
		return this.silence;
	}

	/** The broker does not answer. On the manager's executor. */
	void silent() {
		this.silence.complete(null);
	}

	/** The broker answers again. On the manager's executor. */
	void heardAgain() {
		if (this.silence.isDone()) {
			this.silence = new CompletableFuture<>();
		}
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
