package io.weir.broker.engine.runtime;

import java.util.Map;
import java.util.Random;

import io.weir.broker.engine.Policies;
import io.weir.broker.policy.BacklogQuotaPolicy;

/** What an administrator might say. */
final class SimulatedPolicies {

	private SimulatedPolicies() {
	}

	static Policies any(Random random) {
		Policies.Retention retention = switch (random.nextInt(4)) {
			case 0 -> new Policies.Retention(true, random.nextInt(100_000), Policies.UNLIMITED);
			case 1 -> new Policies.Retention(true, Policies.UNLIMITED, random.nextInt(100_000));
			case 2 -> new Policies.Retention(true, random.nextInt(100_000), random.nextInt(100_000));
			default -> new Policies.Retention(false, 0, 0);
		};
		long timeToLive = (random.nextInt(6) > 0) ? Policies.UNLIMITED : 10_000 + random.nextInt(100_000);
		long quota = random.nextBoolean() ? Policies.UNLIMITED : random.nextInt(1_000_000);
		BacklogQuotaPolicy policy = BacklogQuotaPolicy.values()[random.nextInt(BacklogQuotaPolicy.values().length)];
		return of(retention, timeToLive, quota, policy, random.nextBoolean());
	}

	/**
	 * Only what everybody has acknowledged may go, or what has a later message of its
	 * key.
	 */
	static Policies calm(boolean compaction) {
		return of(new Policies.Retention(false, 0, 0), Policies.UNLIMITED, Policies.UNLIMITED,
				BacklogQuotaPolicy.REFUSE, compaction);
	}

	private static Policies of(Policies.Retention retention, long timeToLive, long quota, BacklogQuotaPolicy policy,
			boolean compaction) {
		return new Policies(retention, timeToLive, quota, policy, compaction, Policies.UNLIMITED,
				Policies.OfSubscription.NONE, Map.of());
	}

}
