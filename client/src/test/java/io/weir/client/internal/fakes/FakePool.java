package io.weir.client.internal.fakes;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.weir.pool.CloseReport;
import io.weir.pool.DurationHistogram;
import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.PoolClosedException;
import io.weir.pool.PoolStats;
import io.weir.transport.Connection;
import io.weir.transport.RequestStream;

/** A pool that opens a stream for each borrower beyond those that came back. */
public final class FakePool implements Pool<RequestStream> {

	private final List<FakeLease> lent = new ArrayList<>();

	/** Closing the pool ends none of them: whoever borrowed one should. */
	private final Set<FakeLease> owed = new HashSet<>();

	private final Deque<RequestStream> idle = new ArrayDeque<>();

	private final Deque<CompletableFuture<Lease<RequestStream>>> waiting = new ArrayDeque<>();

	private final String name;

	private final Connection connection;

	private int minSize;

	private int maxSize;

	private long created;

	private int evictions;

	private boolean closed;

	FakePool(String name, Connection connection, int maxSize) {
		this.name = name;
		this.connection = connection;
		this.maxSize = maxSize;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public CompletionStage<Lease<RequestStream>> borrowAsync() {
		CompletableFuture<Lease<RequestStream>> waiter = new CompletableFuture<>();
		if (this.closed) {
			waiter.completeExceptionally(new PoolClosedException(this.name));
			return waiter;
		}
		this.waiting.add(waiter);
		serve();
		return waiter;
	}

	private void serve() {
		while (!this.waiting.isEmpty() && this.lent.size() < this.maxSize) {
			RequestStream stream = this.idle.poll();
			if (stream == null) {
				stream = RequestStream.open(this.connection).toCompletableFuture().join();
				this.created++;
			}
			FakeLease lease = new FakeLease(stream);
			this.lent.add(lease);
			this.owed.add(lease);
			this.waiting.remove().complete(lease);
		}
	}

	/** How many leases are out. */
	public int lent() {
		return this.lent.size();
	}

	/** How many leases were never ended by those who borrowed them. */
	public int owed() {
		return this.owed.size();
	}

	public boolean isClosed() {
		return this.closed;
	}

	public int evictions() {
		return this.evictions;
	}

	@Override
	public CompletionStage<CloseReport> closeAsync(Duration grace) {
		this.closed = true;
		int stillLent = this.lent.size();
		this.lent.clear();
		this.waiting.forEach((waiter) -> waiter.completeExceptionally(new PoolClosedException(this.name)));
		return CompletableFuture.completedStage(new CloseReport(stillLent, this.waiting.size()));
	}

	@Override
	public PoolStats stats() {
		return new PoolStats(this.lent.size(), this.idle.size(), this.waiting.size(), 0,
				this.lent.size() + this.idle.size(), this.minSize, this.maxSize, 0, 0, 0, this.created, 0, Map.of(),
				Map.of(), DurationHistogram.EMPTY, DurationHistogram.EMPTY);
	}

	@Override
	public int evict() {
		return ++this.evictions;
	}

	@Override
	public void invalidateAll() {
		this.idle.clear();
	}

	@Override
	public void close() {
		closeAsync(Duration.ZERO);
	}

	@Override
	public Lease<RequestStream> borrow() {
		throw new UnsupportedOperationException("Would block");
	}

	@Override
	public Lease<RequestStream> borrow(Duration timeout) {
		throw new UnsupportedOperationException("Would block");
	}

	@Override
	public @Nullable Lease<RequestStream> tryBorrow() {
		throw new UnsupportedOperationException("Not used by the client");
	}

	@Override
	public CompletionStage<Lease<RequestStream>> borrowAsync(Executor deliverOn) {
		throw new UnsupportedOperationException("Not used by the client");
	}

	@Override
	public CompletionStage<Void> ready() {
		return CompletableFuture.completedStage(null);
	}

	@Override
	public void resize(int minSize, int maxSize) {
		this.minSize = minSize;
		this.maxSize = maxSize;
	}

	private final class FakeLease implements Lease<RequestStream> {

		private final RequestStream stream;

		private FakeLease(RequestStream stream) {
			this.stream = stream;
		}

		@Override
		public RequestStream resource() {
			if (!FakePool.this.lent.contains(this)) {
				throw new IllegalStateException("This lease has ended");
			}
			return this.stream;
		}

		@Override
		public void hold() {
			// Nobody looks for leaks here but the tests.
		}

		@Override
		public void invalidate() {
			FakePool.this.owed.remove(this);
			if (FakePool.this.lent.remove(this)) {
				this.stream.close();
				serve();
			}
		}

		@Override
		public void close() {
			FakePool.this.owed.remove(this);
			if (FakePool.this.lent.remove(this)) {
				FakePool.this.idle.add(this.stream);
				serve();
			}
		}

	}

}
