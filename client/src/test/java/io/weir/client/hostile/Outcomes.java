package io.weir.client.hostile;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a broker said to an attacker. Safe to use from any thread. */
final class Outcomes {

	private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

	/** Something happened, such as an answer, or the end of a stream. */
	void count(String outcome) {
		this.counts.computeIfAbsent(outcome, (key) -> new LongAdder()).increment();
	}

	/** How often anything happened whose name begins so. */
	long beginningWith(String prefix) {
		return this.counts.entrySet()
			.stream()
			.filter((outcome) -> outcome.getKey().startsWith(prefix))
			.mapToLong((outcome) -> outcome.getValue().sum())
			.sum();
	}

	@Override
	public String toString() {
		return new TreeMap<>(this.counts).toString();
	}

}
