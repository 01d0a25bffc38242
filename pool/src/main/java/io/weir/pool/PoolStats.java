package io.weir.pool;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * A pool's numbers at one moment. The gauges are read one after the other, without
 * stopping the pool; the counters never decrease. A claim that is just being made is
 * counted, even if it is undone a moment later.
 *
 * @param active resources that are lent
 * @param idle resources that are not lent, including those under test
 * @param pending borrowers that wait
 * @param creating creations under way, not yet part of the size
 * @param size active and idle
 * @param min the configured minimum
 * @param max the configured maximum
 * @param borrows resources lent so far
 * @param timeouts borrowers that gave up waiting
 * @param leaks leases found to be lent for longer than the leak detection threshold
 * @param created resources created, whether or not they passed their first test
 * @param creationFailures creations that failed, timed out or gave an invalid resource
 * @param destroyed resources destroyed, by reason; has every reason
 * @param validations tests, by phase and outcome; has every phase
 * @param waits how long those borrowers waited who could not be served at once and were
 * served
 * @param creations how long it took to create a resource
 */
public record PoolStats(int active, int idle, int pending, int creating, int size, int min, int max, long borrows,
		long timeouts, long leaks, long created, long creationFailures, Map<DestroyReason, Long> destroyed,
		Map<ValidationPhase, ValidationCount> validations, DurationHistogram waits, DurationHistogram creations) {

	/**
	 * Copies the maps and adds what they lack.
	 */
	public PoolStats {
		destroyed = complete(DestroyReason.class, destroyed, 0L);
		validations = complete(ValidationPhase.class, validations, ValidationCount.NONE);
	}

	private static <K extends Enum<K>, V> Map<K, V> complete(Class<K> type, Map<K, V> given, V otherwise) {
		Map<K, V> all = new EnumMap<>(type);
		for (K key : type.getEnumConstants()) {
			all.put(key, given.getOrDefault(key, otherwise));
		}
		return Map.copyOf(all);
	}

	/**
	 * The numbers of a pool that has done nothing yet.
	 * @param active resources that are lent
	 * @param idle resources that are not lent
	 * @param pending borrowers that wait
	 * @param min the minimum
	 * @param max the maximum
	 * @return the numbers, all others 0
	 */
	public static PoolStats of(int active, int idle, int pending, int min, int max) {
		return new PoolStats(active, idle, pending, 0, active + idle, min, max, 0, 0, 0, 0, 0, Map.of(), Map.of(),
				DurationHistogram.EMPTY, DurationHistogram.EMPTY);
	}

	/**
	 * Resources destroyed for one reason.
	 * @param reason the reason
	 * @return how many
	 */
	public long destroyed(DestroyReason reason) {
		return this.destroyed.getOrDefault(reason, 0L);
	}

	/**
	 * Tests of one phase.
	 * @param phase the phase
	 * @return passed and failed
	 */
	public ValidationCount validations(ValidationPhase phase) {
		return this.validations.getOrDefault(phase, ValidationCount.NONE);
	}

	/**
	 * These numbers, and what another pool has counted so far: for a pool that replaces
	 * another, so that its counters do not go back. The gauges stay.
	 * @param other the other
	 * @return the sums
	 */
	public PoolStats plusCountersOf(PoolStats other) {
		return new PoolStats(this.active, this.idle, this.pending, this.creating, this.size, this.min, this.max,
				this.borrows + other.borrows, this.timeouts + other.timeouts, this.leaks + other.leaks,
				this.created + other.created, this.creationFailures + other.creationFailures,
				sums(this.destroyed, other.destroyed, Long::sum),
				sums(this.validations, other.validations, ValidationCount::plus), this.waits.plus(other.waits),
				this.creations.plus(other.creations));
	}

	private static <K, V> Map<K, V> sums(Map<K, V> some, Map<K, V> others, BinaryOperator<V> sum) {
		Map<K, V> sums = new HashMap<>(some);
		others.forEach((key, value) -> sums.merge(key, value, sum));
		return sums;
	}

}
