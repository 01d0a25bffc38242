package io.weir.client.internal.connection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.PoolStats;
import io.weir.transport.RequestStream;

/**
 * The streams of one connection that are leased for as long as a producer or consumer
 * lives. Each of those has a stream of its own as long as the pool has enough: then the
 * loss of a packet holds back only one of them. When there are more of them than streams,
 * each further one joins the stream that has the fewest. Those who want none of their own
 * have a few in common, however many they are. Safe to use from any thread.
 */
final class SharedStreams {

	private static final Logger logger = LoggerFactory.getLogger(SharedStreams.class);

	/** One stream of so many is kept for those who need one for a moment only. */
	private static final int RESERVE = 8;

	/** One stream of so many is for those who want none of their own. */
	private static final int COMMON = 8;

	/**
	 * Whoever leaves a stream because of trouble would come back to it, since it has one
	 * less then: so those that are left on such a one count twice.
	 */
	private static final Comparator<SharedStream> BEST = Comparator
		.comparingInt((each) -> each.sound ? each.users : 2 * each.users + 1);

	private final Pool<RequestStream> pool;

	/** Those that one more may join, also those that are still being borrowed. */
	@GuardedBy("this")
	private final List<SharedStream> streams = new ArrayList<>();

	@GuardedBy("this")
	private boolean told;

	SharedStreams(Pool<RequestStream> pool) {
		this.pool = pool;
	}

	/**
	 * Leases a stream, perhaps together with others.
	 * @param common whether it may be one of the few that many have in common
	 * @return the lease, on any thread
	 */
	CompletionStage<StreamShare> take(boolean common) {
		Optional<SharedStream> present;
		SharedStream stream;
		synchronized (this) {
			PoolStats stats = this.pool.stats();
			int max = stats.max();
			present = present(common, stats);
			stream = present.orElseGet(() -> new SharedStream(common));
			stream.users++;
			if (present.isEmpty()) {
				this.streams.add(stream);
			}
			tellOnce(present.isPresent() && !common, max);
		}
		if (present.isEmpty()) {
			this.pool.borrowAsync().whenComplete((lease, failure) -> borrowed(stream, lease, failure));
		}
		return stream.lease
			.handle((lease, failure) -> (failure == null)
					? CompletableFuture.completedFuture(new StreamShare(this, stream)) : another(failure))
			.thenCompose((share) -> share);
	}

	/** The stream to join; none if there is to be a further one. */
	@GuardedBy("this")
	private Optional<SharedStream> present(boolean common, PoolStats stats) {
		int max = stats.max();
		boolean full = this.streams.size() >= max - max / RESERVE;
		if (common) {
			long there = this.streams.stream().filter((each) -> each.common).count();
			if (there > 0 && (full || there >= max / COMMON)) {
				return fewest((each) -> each.common);
			}
		}
		if (full) {
			return fewest((each) -> true);
		}
		// Those who have all of them may not give one back for long.
		return (stats.active() >= max) ? fewest((each) -> each.lease.isDone()) : Optional.empty();
	}

	private void borrowed(SharedStream stream, @Nullable Lease<RequestStream> lease, @Nullable Throwable failure) {
		if (lease == null) {
			retire(stream);
			stream.lease.completeExceptionally((failure != null) ? failure : new IllegalStateException("No lease"));
			return;
		}
		try {
			stream.attach(lease, () -> retire(stream));
			stream.lease.complete(lease);
		}
		catch (IllegalStateException ex) {
			// It ended with its connection.
			lease.invalidate();
			retire(stream);
			stream.lease.completeExceptionally(ex);
		}
	}

	/** There was no further stream, for now: those that are there must do. */
	private CompletableFuture<StreamShare> another(Throwable failure) {
		SharedStream stream;
		synchronized (this) {
			Optional<SharedStream> present = fewest((each) -> each.lease.isDone());
			if (present.isEmpty()) {
				return CompletableFuture.failedFuture(failure);
			}
			stream = present.get();
			stream.users++;
			tellOnce(true, this.pool.stats().max());
		}
		return CompletableFuture.completedFuture(new StreamShare(this, stream));
	}

	@GuardedBy("this")
	private Optional<SharedStream> fewest(Predicate<SharedStream> which) {
		return this.streams.stream().filter(which).min(BEST);
	}

	@GuardedBy("this")
	private void tellOnce(boolean shared, int max) {
		if (shared && !this.told) {
			this.told = true;
			logger
				.info("Stream pool '{}' has at most {} streams, and more producers, consumers and partitions than that "
						+ "use it: they share streams from now on. A larger maximum of the pool gives each its own.",
						this.pool.name(), max);
		}
	}

	private synchronized void retire(SharedStream stream) {
		this.streams.remove(stream);
	}

	/**
	 * One of those who share a stream needs it no more.
	 * @param sound whether the stream can be used by others after that
	 * @return whether nobody uses it any more
	 */
	boolean leave(SharedStream stream, boolean sound) {
		boolean last;
		boolean reusable;
		synchronized (this) {
			stream.users--;
			stream.sound &= sound;
			last = stream.users == 0;
			reusable = stream.sound;
			if (last) {
				this.streams.remove(stream);
			}
		}
		if (last) {
			stream.end(reusable);
		}
		return last;
	}

}
