package io.weir.client.internal.connection;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * Bounds the batches of one connection that travel in fragments and have no answer yet: a
 * broker assembles no more than its largest message at a time for each connection. Who
 * does not fit is called in turn. Any thread may use it; no foreign code runs under its
 * lock.
 */
public final class FragmentQuota {

	private final ReentrantLock lock = new ReentrantLock();

	@GuardedBy("lock")
	private final Deque<Waiter> waiters = new ArrayDeque<>();

	private final int unfragmented;

	private final int overhead;

	private final long limit;

	@GuardedBy("lock")
	private long used;

	/**
	 * Creates a quota.
	 * @param unfragmented the longest batch that travels in one frame, and is not counted
	 * @param overhead what a frame may have beside its batch
	 * @param maxMessageSize the longest batch that the broker takes
	 */
	FragmentQuota(int unfragmented, int overhead, int maxMessageSize) {
		this.unfragmented = unfragmented;
		this.overhead = overhead;
		this.limit = (long) maxMessageSize + overhead;
	}

	/**
	 * Takes what a batch needs; to be given back.
	 * @param batchBytes the length of the batch
	 * @param granted called, by whoever gives back, when it is the batch's turn; unless
	 * it is at once
	 * @return whether it is at once
	 */
	public boolean take(int batchBytes, Runnable granted) {
		long bytes = cost(batchBytes);
		if (bytes == 0) {
			return true;
		}
		this.lock.lock();
		try {
			if (this.waiters.isEmpty() && this.used + bytes <= this.limit) {
				this.used += bytes;
				return true;
			}
			this.waiters.add(new Waiter(bytes, granted));
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The batch was answered, or never will be.
	 * @param batchBytes the length of the batch
	 */
	public void giveBack(int batchBytes) {
		long bytes = cost(batchBytes);
		if (bytes == 0) {
			return;
		}
		List<Runnable> granted = new ArrayList<>();
		this.lock.lock();
		try {
			this.used -= bytes;
			Waiter next = this.waiters.peek();
			while (next != null && this.used + next.bytes() <= this.limit) {
				this.used += next.bytes();
				granted.add(this.waiters.remove().granted());
				next = this.waiters.peek();
			}
		}
		finally {
			this.lock.unlock();
		}
		granted.forEach(Runnable::run);
	}

	private long cost(int batchBytes) {
		return (batchBytes <= this.unfragmented) ? 0 : Math.min(this.limit, (long) batchBytes + this.overhead);
	}

	private record Waiter(long bytes, Runnable granted) {
	}

}
