package io.weir.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.weir.client.Producer;
import io.weir.client.WeirException;
import io.weir.wire.ErrorCode;

/**
 * The producers of a template, one for each topic that was used of late. One leaves only
 * when nobody uses it and none of its messages is under way: so the next one for the
 * topic cannot overtake it. Safe to use from any thread.
 */
final class ProducerCache {

	/** How many are looked at when one more is made: not all, which may be many. */
	private static final int LOOK_AT = 8;

	private final ReentrantLock lock = new ReentrantLock();

	private final Function<String, Producer<Object>> creation;

	private final int maxSize;

	private final Duration idleTime;

	private final LongSupplier nanoTime;

	private final BiConsumer<Duration, Runnable> later;

	/** The one that was used least recently first. */
	@GuardedBy("lock")
	private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75F, true);

	@GuardedBy("lock")
	private boolean looking;

	@GuardedBy("lock")
	private boolean closed;

	/**
	 * Creates an empty cache.
	 * @param creation makes the producer for a topic, and does not block
	 */
	ProducerCache(Function<String, Producer<Object>> creation, ProducerCacheSettings settings) {
		this(creation, settings, System::nanoTime, (delay,
				task) -> CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(task));
	}

	/**
	 * Creates an empty cache with a clock of its own.
	 * @param later runs a task after a time
	 */
	ProducerCache(Function<String, Producer<Object>> creation, ProducerCacheSettings settings, LongSupplier nanoTime,
			BiConsumer<Duration, Runnable> later) {
		this.creation = creation;
		this.maxSize = settings.maxProducers();
		this.idleTime = settings.producerIdleTime();
		this.nanoTime = nanoTime;
		this.later = later;
	}

	/**
	 * Uses the producer for a topic, which stays open meanwhile and until all that was
	 * sent is stored.
	 * @throws WeirException {@link ErrorCode#CLOSED}
	 */
	<R> R use(String topic, Function<Producer<Object>, R> use) {
		Entry entry = enter(topic);
		try {
			return use.apply(entry.producer);
		}
		finally {
			leave(entry);
		}
	}

	private Entry enter(String topic) {
		List<Entry> leaving = List.of();
		this.lock.lock();
		try {
			if (this.closed) {
				throw new WeirException(ErrorCode.CLOSED, "The template was closed");
			}
			Entry entry = this.entries.get(topic);
			if (entry == null) {
				entry = new Entry(this.creation.apply(topic));
				this.entries.put(topic, entry);
				leaving = removeEldest(LOOK_AT);
				lookLater();
			}
			entry.users++;
			return entry;
		}
		finally {
			this.lock.unlock();
			close(leaving);
		}
	}

	private void leave(Entry entry) {
		this.lock.lock();
		try {
			entry.users--;
			entry.lastUsed = this.nanoTime.getAsLong();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** One that is busy is not in the way a second time: it becomes the youngest. */
	@GuardedBy("lock")
	private List<Entry> removeEldest(int lookAt) {
		List<Entry> removed = new ArrayList<>();
		List<String> busy = new ArrayList<>();
		Iterator<Map.Entry<String, Entry>> eldest = this.entries.entrySet().iterator();
		// The last one is about to be used.
		for (int i = Math.min(lookAt, this.entries.size() - 1); i > 0 && this.entries.size() > this.maxSize; i--) {
			Map.Entry<String, Entry> next = eldest.next();
			if (next.getValue().isBusy()) {
				busy.add(next.getKey());
			}
			else {
				removed.add(next.getValue());
				eldest.remove();
			}
		}
		busy.forEach(this.entries::get);
		return removed;
	}

	@GuardedBy("lock")
	private void lookLater() {
		if (!this.looking) {
			this.looking = true;
			this.later.accept(this.idleTime, this::look);
		}
	}

	private void look() {
		List<Entry> leaving = new ArrayList<>();
		this.lock.lock();
		try {
			this.looking = false;
			long now = this.nanoTime.getAsLong();
			this.entries.values().removeIf((entry) -> {
				boolean idle = !entry.isBusy() && now - entry.lastUsed >= this.idleTime.toNanos();
				return idle && leaving.add(entry);
			});
			leaving.addAll(removeEldest(this.entries.size()));
			if (!this.entries.isEmpty()) {
				lookLater();
			}
		}
		finally {
			this.lock.unlock();
			close(leaving);
		}
	}

	/** Closes all side by side, and waits for them. */
	void close() {
		List<Entry> leaving;
		this.lock.lock();
		try {
			this.closed = true;
			leaving = List.copyOf(this.entries.values());
			this.entries.clear();
		}
		finally {
			this.lock.unlock();
		}
		close(leaving).forEach(CompletableFuture::join);
	}

	private static List<CompletableFuture<Void>> close(List<Entry> entries) {
		return entries.stream().map((entry) -> entry.producer.closeAsync()).toList();
	}

	/** A producer; all but that is guarded by the cache's lock. */
	private final class Entry {

		private final Producer<Object> producer;

		private int users;

		private long lastUsed = ProducerCache.this.nanoTime.getAsLong();

		private Entry(Producer<Object> producer) {
			this.producer = producer;
		}

		private boolean isBusy() {
			return this.users > 0 || this.producer.pending() > 0;
		}

	}

}
