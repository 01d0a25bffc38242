package io.weir.client.hostile;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.hostile.TargetBroker.Figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * All attacks at once, again and again, on a broker with 256 MB: it lives, serves a good
 * client well, and holds no more afterwards than before. For a minute in every build, and
 * with {@code -Pchaos} for as long as is wanted.
 */
@Timeout(7 * 24 * 3600)
class HostileClientsTest {

	private static final Logger logger = LoggerFactory.getLogger(HostileClientsTest.class);

	/**
	 * How long to go on, and then time and memory are judged; without it, for a minute,
	 * and that the broker lives and nothing is lost.
	 */
	private static final String CHAOS = System.getProperty("chaos.duration");

	private static final Duration LASTING = Duration.parse((CHAOS != null) ? CHAOS : "PT1M");

	/** Which attacks, all by default. */
	private static final String ATTACKS = System.getProperty("hostile.attacks");

	/** Until the broker has everything that it keeps: classes, caches, counters. */
	private static final Duration WARM_UP = Duration.ofMinutes(1);

	/** How much longer attacks may need to meet their limits on a busy machine. */
	private static final Duration SLOW = Duration.ofMinutes(3);

	private static final Duration ROUND = Duration.ofSeconds(10);

	@TempDir
	private Path data;

	@Test
	void brokerServesAGoodClientBesideAllAttacksAndHoldsNothingAfterwards() throws Exception {
		try (TargetBroker broker = TargetBroker.start(this.data); GoodClient good = new GoodClient(broker.address())) {
			Figures before = (CHAOS != null) ? warmedUp(broker, good) : broker.figures();
			long end = System.nanoTime() + LASTING.toNanos();
			good.forgetLatencies();
			long atLatest = end + SLOW.toNanos();
			while (System.nanoTime() - end < 0
					|| (!haveAllMetALimit(broker.figures()) && System.nanoTime() - atLatest < 0)) {
				attack(broker, ROUND);
				logger.info("p99 {} ms of {} sends, {}", good.p99().toMillis(), good.sent(), broker.figures());
			}
			Duration p99 = good.p99();
			for (Attack attack : attacks()) {
				logger.info("{}: {}", attack, attack.outcomes());
			}
			assertThatEachAttackMeetsALimit(broker.figures());
			Figures after = leftAlone(broker);
			logger.info("p99 {} ms; before {}, after {}", p99.toMillis(), before, after);
			good.checkThatNothingIsLost();
			if (CHAOS != null) {
				assertThat(p99).isLessThan(Duration.ofSeconds(1));
				await().atMost(Duration.ofMinutes(2))
					.pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofSeconds(1))
					.untilAsserted(() -> assertThat(broker.figures().held()).isLessThan(before.held() * 11 / 10));
			}
		}
	}

	private static Figures warmedUp(TargetBroker broker, GoodClient good) throws Exception {
		good.fillCaches();
		attack(broker, WARM_UP);
		Figures figures = leftAlone(broker);
		logger.info("Warmed up: {}", figures);
		return figures;
	}

	/**
	 * What the broker holds when the attackers, who went without a word, are forgotten.
	 */
	private static Figures leftAlone(TargetBroker broker) {
		return await().atMost(Duration.ofMinutes(2))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofSeconds(1))
			.until(broker::figures, (figures) -> figures.connections() <= 1);
	}

	private static boolean haveAllMetALimit(Figures figures) {
		return attacks().stream().allMatch((attack) -> limitsMet(attack, figures) > 0);
	}

	/** Or it would be no attack. */
	private static void assertThatEachAttackMeetsALimit(Figures figures) {
		assertThat(attacks()).allSatisfy((attack) -> assertThat(limitsMet(attack, figures))
			.as("%s, which had %s", attack.aims(), attack.outcomes())
			.isPositive());
	}

	private static long limitsMet(Attack attack, Figures figures) {
		return attack.aims().isEmpty() ? attack.outcomes().beginningWith("reset: ")
				: attack.aims().stream().mapToLong((limit) -> figures.refused().getOrDefault(limit, 0L)).sum();
	}

	private static void attack(TargetBroker broker, Duration lasting) throws Exception {
		long end = System.nanoTime() + lasting.toNanos();
		ExecutorService attackers = Executors.newCachedThreadPool();
		try {
			List<Future<?>> attacks = new ArrayList<>();
			for (Attack attack : attacks()) {
				attacks.add(attackers.submit(() -> attack.run(broker.address(), end)));
			}
			for (Future<?> attack : attacks) {
				attack.get();
			}
		}
		finally {
			attackers.shutdown();
		}
	}

	private static Set<Attack> attacks() {
		if (ATTACKS == null) {
			return EnumSet.allOf(Attack.class);
		}
		Set<Attack> chosen = EnumSet.noneOf(Attack.class);
		for (String name : ATTACKS.split(",")) {
			chosen.add(Attack.valueOf(name));
		}
		return chosen;
	}

}
