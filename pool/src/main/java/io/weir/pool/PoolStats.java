package io.weir.pool;

import java.util.Map;

/**
 * A pool's numbers at one moment. The gauges are read one after the other, without
 * stopping the pool; the counters never decrease.
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
 * @param detached resources that their borrowers took out of the pool
 * @param destroyed resources destroyed, by reason; has every reason
 * @param validations tests, by phase and outcome; has every phase
 */
public record PoolStats(int active, int idle, int pending, int creating, int size, int min, int max, long borrows,
		long timeouts, long leaks, long created, long creationFailures, long detached,
		Map<DestroyReason, Long> destroyed, Map<ValidationPhase, ValidationCount> validations) {

	public PoolStats {
		destroyed = Map.copyOf(destroyed);
		validations = Map.copyOf(validations);
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
		return this.validations.getOrDefault(phase, new ValidationCount(0, 0));
	}

}
