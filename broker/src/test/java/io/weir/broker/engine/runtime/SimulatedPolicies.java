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
		return new Policies(retention, timeToLive, quota, policy, false, Policies.UNLIMITED,
				Policies.OfSubscription.NONE, Map.of());
	}

}
