package io.weir.broker.engine.runtime;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.StorageFailure;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.wire.ErrorCode;

/**
 * Whether a batch may be appended now: the store takes entries, and those that wait to be
 * stored leave room for it. Thread-safe. Several threads that ask at the same time may
 * exceed the bound by a batch each.
 */
final class Admission {

	private final StorageEngine store;

	private final long maxBytes;

	private final AtomicLong bytes = new AtomicLong();

	private final LongAdder refused = new LongAdder();

	Admission(StorageEngine store, long maxBytes) {
		this.store = store;
		this.maxBytes = maxBytes;
	}

	/** Why a batch may not be appended, or {@code null}. */
	@Nullable StorageFailure refusal(int size) {
		StorageException unavailable = this.store.refusal();
		long waiting = this.bytes.get();
		if (unavailable != null) {
			this.refused.increment();
			return StorageFailure.of(unavailable);
		}
		if (waiting > 0 && waiting + size > this.maxBytes) {
			this.refused.increment();
			return new StorageFailure(ErrorCode.OVERLOADED, "There are " + waiting
					+ " bytes of messages to be stored already; the broker takes at most " + this.maxBytes);
		}
		return null;
	}

	/** Why nothing may be appended, however little waits, or {@code null}. */
	@Nullable StorageException unavailable() {
		return this.store.refusal();
	}

	/** A batch begins or ceases to wait to be stored. */
	void waiting(int size) {
		this.bytes.addAndGet(size);
	}

	long bytes() {
		return this.bytes.get();
	}

	long refused() {
		return this.refused.sum();
	}

}
