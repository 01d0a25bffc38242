package io.weir.benchmarks.pool;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.util.ConcurrentBag;
import com.zaxxer.hikari.util.ConcurrentBag.IConcurrentBagEntry;

/**
 * The data structure under HikariCP alone: it tests and expires nothing.
 */
final class HikariBagSubject implements Subject {

	private final ConcurrentBag<Entry> bag = new ConcurrentBag<>((waiting) -> {
	});

	HikariBagSubject(int size) {
		for (int i = 0; i < size; i++) {
			this.bag.add(new Entry());
		}
	}

	@Override
	public void use(int work) throws Exception {
		Entry entry = Objects.requireNonNull(this.bag.borrow(30, TimeUnit.SECONDS), "timed out");
		entry.resource.work(work);
		this.bag.requite(entry);
	}

	@Override
	public void keep() throws Exception {
		this.bag.borrow(30, TimeUnit.SECONDS);
	}

	@Override
	public void close() {
		this.bag.close();
	}

	private static final class Entry implements IConcurrentBagEntry {

		private final Resource resource = new Resource();

		private final AtomicInteger state = new AtomicInteger(STATE_NOT_IN_USE);

		@Override
		public boolean compareAndSet(int expectState, int newState) {
			return this.state.compareAndSet(expectState, newState);
		}

		@Override
		public void setState(int newState) {
			this.state.set(newState);
		}

		@Override
		public int getState() {
			return this.state.get();
		}

	}

}
