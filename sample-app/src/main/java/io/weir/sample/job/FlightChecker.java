package io.weir.sample.job;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.weir.message.MessageId;

/**
 * Checks that the flights of each airport arrive as they were numbered, each once. Safe
 * to use from any thread.
 */
final class FlightChecker {

	/** What is to be said of a flight that has arrived. */
	enum Verdict {

		/** It comes after all that came before from its airport. */
		IN_ORDER,
		/** A later one of its airport came before it. */
		OUT_OF_ORDER,
		/**
		 * The very same message came before: the broker had no acknowledgement for it.
		 */
		REDELIVERED,
		/** Another message with the same flight came before: it was stored twice. */
		DUPLICATE

	}

	private final Map<String, Arrivals> arrivals = new HashMap<>();

	private final Map<Verdict, Long> counts = new HashMap<>();

	synchronized Verdict check(String airport, long sequence, MessageId id) {
		Verdict verdict = this.arrivals.computeIfAbsent(airport, (key) -> new Arrivals()).add(sequence, id);
		this.counts.merge(verdict, 1L, Long::sum);
		return verdict;
	}

	/**
	 * How many different flights have arrived.
	 * @return the count
	 */
	synchronized long arrived() {
		return count(Verdict.IN_ORDER) + count(Verdict.OUT_OF_ORDER);
	}

	synchronized Result result(long published) {
		return new Result(count(Verdict.OUT_OF_ORDER), published - arrived(), count(Verdict.DUPLICATE),
				count(Verdict.REDELIVERED));
	}

	private long count(Verdict verdict) {
		return this.counts.getOrDefault(verdict, 0L);
	}

	/**
	 * How it went.
	 *
	 * @param outOfOrder how many flights came after a later one of their airport
	 * @param lost how many did not come
	 * @param duplicates how many came again as another message
	 * @param redelivered how many came again as the same message, which is no fault
	 */
	record Result(long outOfOrder, long lost, long duplicates, long redelivered) {

		boolean ok() {
			return this.outOfOrder == 0 && this.lost == 0 && this.duplicates == 0;
		}

		@Override
		public String toString() {
			String order = (this.outOfOrder == 0) ? "ok"
					: String.format(Locale.ROOT, "broken for %,d flights", this.outOfOrder);
			return String.format(Locale.ROOT, "order: %s, lost: %d, duplicates: %d", order, this.lost, this.duplicates);
		}

	}

	private static final class Arrivals {

		private final Map<Long, MessageId> ids = new HashMap<>();

		private long highest = -1;

		Verdict add(long sequence, MessageId id) {
			MessageId before = this.ids.putIfAbsent(sequence, id);
			if (before != null) {
				return before.equals(id) ? Verdict.REDELIVERED : Verdict.DUPLICATE;
			}
			if (sequence < this.highest) {
				return Verdict.OUT_OF_ORDER;
			}
			this.highest = sequence;
			return Verdict.IN_ORDER;
		}

	}

}
