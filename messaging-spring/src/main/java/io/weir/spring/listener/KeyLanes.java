package io.weir.spring.listener;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Has the messages of one consumer worked on by several threads, those of one key one
 * after the other in their order: the next one begins when the one before it has ended,
 * well or badly, and a key of which a message is retried in place waits alone. Messages
 * without a key have no order. No more messages are inside than the broker may send
 * ahead; whoever adds one more waits, and so takes nothing out of the consumer's queue.
 */
final class KeyLanes {

	/** So long a thread without work stays. */
	private static final long IDLE_SECONDS = 10;

	private final ThreadPoolExecutor threads;

	private final ListenerControl control;

	private final int mostInside;

	private final Consumer<Handover> call;

	private final Runnable failed;

	/** What waits behind the message of a key that is being worked on. */
	@GuardedBy("this")
	private final Map<Object, Deque<Handover>> behind = new HashMap<>();

	@GuardedBy("this")
	private int inside;

	@GuardedBy("this")
	private int called;

	@GuardedBy("this")
	private boolean closed;

	private volatile @Nullable Error failure;

	/**
	 * Creates the lanes.
	 * @param concurrency how many threads
	 * @param mostInside how many messages may be inside
	 * @param call calls the listener, and tells {@link #ended} when it has ended
	 * @param failed is told that there is a {@link #failure}
	 */
	KeyLanes(int concurrency, int mostInside, ThreadFactory factory, ListenerControl control, Consumer<Handover> call,
			Runnable failed) {
		this.threads = new ThreadPoolExecutor(concurrency, concurrency, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), factory, new ThreadPoolExecutor.DiscardPolicy());
		this.threads.allowCoreThreadTimeOut(true);
		this.mostInside = mostInside;
		this.control = control;
		this.call = call;
		this.failed = failed;
	}

	/** Adds a message, when there is room; not if the listener is to stop. */
	void add(Handover handover) throws InterruptedException {
		if (!this.control.await(this::hasRoom)) {
			return;
		}
		boolean first;
		synchronized (this) {
			this.inside++;
			Object key = key(handover);
			Deque<Handover> waiting = this.behind.get(key);
			first = waiting == null;
			if (waiting == null) {
				this.behind.put(key, new ArrayDeque<>());
			}
			else {
				waiting.add(handover);
			}
		}
		if (first) {
			this.threads.execute(() -> work(handover));
		}
	}

	private synchronized boolean hasRoom() {
		return this.inside < this.mostInside || this.failure != null;
	}

	/** One that has no key is a key of its own. */
	private static Object key(Handover handover) {
		String key = handover.messages().get(0).key();
		return (key != null) ? key : handover.messages().get(0);
	}

	private void work(Handover handover) {
		try {
			if (this.control.proceed() && begin()) {
				this.call.accept(handover);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Error ex) {
			this.failure = ex;
			this.control.signal();
			this.failed.run();
		}
	}

	private synchronized boolean begin() {
		if (this.closed || this.failure != null) {
			return false;
		}
		this.called++;
		return true;
	}

	/**
	 * What the listener was called with has ended. On any thread.
	 * @param again what is to be handed over again before anything else of its key, or
	 * {@code null} if nothing is
	 */
	void ended(Handover handover, @Nullable Handover again) {
		Handover next = again;
		synchronized (this) {
			this.called--;
			notifyAll();
			if (next == null) {
				next = next(key(handover));
			}
		}
		if (next != null) {
			execute(next);
		}
		this.control.signal();
	}

	@GuardedBy("this")
	private @Nullable Handover next(Object key) {
		this.inside--;
		Deque<Handover> waiting = this.behind.get(key);
		Handover next = (waiting != null) ? waiting.poll() : null;
		if (next == null) {
			this.behind.remove(key);
		}
		return next;
	}

	private void execute(Handover handover) {
		long wait = handover.remaining().toNanos();
		Executor executor = (wait > 0) ? CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS, this.threads)
				: this.threads;
		executor.execute(() -> work(handover));
	}

	/** Why the thread of the listener is to end, or {@code null}. */
	@Nullable Error failure() {
		return this.failure;
	}

	/** Begins nothing more, and waits until nothing is under way. */
	void drain() throws InterruptedException {
		try {
			synchronized (this) {
				this.closed = true;
				while (this.called > 0) {
					wait();
				}
			}
		}
		finally {
			this.threads.shutdown();
		}
	}

}
