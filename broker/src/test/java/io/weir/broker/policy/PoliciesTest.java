package io.weir.broker.policy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import io.weir.setting.InvalidSettingException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PoliciesTest {

	private static final TopicPolicies TOPIC = new TopicPolicies(Duration.ofHours(1), 1000L, Duration.ofMillis(1500),
			2000L, BacklogQuotaPolicy.BLOCK, true, Duration.ofDays(7));

	private static final SubscriptionPolicies SUBSCRIPTION = new SubscriptionPolicies(Duration.ofSeconds(1), 2.5,
			Duration.ofMinutes(1), 0.5, Duration.ofSeconds(30), 7, "orders/dead", Duration.ZERO, true);

	@Test
	void whatIsStoredMustBeReadAgain() {
		assertThat(topic(PolicyText.of(TOPIC))).isEqualTo(TOPIC);
		assertThat(PolicyText.subscription(PolicyText.of(SUBSCRIPTION))).isEqualTo(SUBSCRIPTION);
		assertThat(PolicyText.of(TopicPolicies.none())).isEmpty();
		assertThat(topic(new byte[0])).isEqualTo(TopicPolicies.none());
		assertThat(PolicyText.subscription(new byte[0])).isEqualTo(SubscriptionPolicies.none());
	}

	/** With nothing that is no longer allowed. */
	private static TopicPolicies topic(byte[] text) {
		return PolicyText.topic(text, (change) -> {
			throw new AssertionError(change);
		});
	}

	@Test
	void whatWasAllowedWhenItWasStoredMustBeReadAsWhatIsAllowedNow() {
		byte[] text = "backlog-quota-policy=DROP_OLDEST\ncompaction=true\nretention-size=5\n"
			.getBytes(StandardCharsets.UTF_8);
		List<String> changes = new ArrayList<>();
		assertThat(PolicyText.topic(text, changes::add)).isEqualTo(TopicPolicies.builder()
			.compaction(true)
			.backlogQuotaPolicy(BacklogQuotaPolicy.REFUSE)
			.retentionSize(5L)
			.build());
		assertThat(changes).singleElement()
			.asString()
			.startsWith("backlog-quota-policy REFUSE counts instead of DROP_OLDEST");
	}

	@Test
	void whatIsNotKnownMustNotBePassedOver() {
		byte[] text = "retention-colour=red".getBytes(StandardCharsets.UTF_8);
		assertThatIllegalArgumentException().isThrownBy(() -> topic(text)).withMessageContaining("'retention-colour'");
	}

	@Test
	void whatIsNotSaidMustBeInherited() {
		TopicPolicies own = TopicPolicies.builder().retentionSize(5L).compaction(false).build();
		assertThat(own.or(TOPIC)).isEqualTo(new TopicPolicies(TOPIC.retentionTime(), 5L, TOPIC.messageTtl(),
				TOPIC.backlogQuota(), TOPIC.backlogQuotaPolicy(), false, TOPIC.expireAfter()));
		assertThat(SubscriptionPolicies.none().or(SUBSCRIPTION)).isEqualTo(SUBSCRIPTION);
	}

	@Test
	void delaysOfTwoWhoDoNotFitMustBeThoseOfTheMoreImportant() {
		SubscriptionPolicies longer = SubscriptionPolicies.builder().redeliveryInitial(Duration.ofHours(1)).build();
		SubscriptionPolicies shorter = SubscriptionPolicies.builder().redeliveryMax(Duration.ofMillis(1)).build();
		assertThat(longer.or(SUBSCRIPTION).redeliveryMax()).isEqualTo(Duration.ofHours(1));
		assertThat(shorter.or(SUBSCRIPTION).redeliveryInitial()).isEqualTo(Duration.ofMillis(1));
	}

	@Test
	void firstPatternThatSaysSomethingMustCount() {
		PolicyDefaults defaults = new PolicyDefaults(
				List.of(new TopicDefaults("orders.*", TopicPolicies.builder().retentionSize(1L).build()),
						new TopicDefaults("*.eu", true,
								TopicPolicies.builder().retentionSize(2L).backlogQuota(3L).build(), SUBSCRIPTION),
						new TopicDefaults("*", false, TOPIC, SubscriptionPolicies.none())));
		assertThat(defaults.topic("orders.eu").retentionSize()).isEqualTo(1);
		assertThat(defaults.topic("orders.eu").backlogQuota()).isEqualTo(3);
		assertThat(defaults.topic("orders.eu").compaction()).isTrue();
		assertThat(defaults.topic("ordersXeu")).isEqualTo(TOPIC);
		assertThat(defaults.subscription("orders.eu")).isEqualTo(SUBSCRIPTION);
		assertThat(defaults.subscription("orders.us")).isEqualTo(SubscriptionPolicies.none());
		assertThat(defaults.autoCreate("orders.eu")).isTrue();
		assertThat(defaults.autoCreate("orders.us")).isFalse();
		assertThat(PolicyDefaults.none().autoCreate("orders.us")).isTrue();
	}

	@Test
	void wrongValuesMustBeRefusedByName() {
		assertRefused(() -> TopicPolicies.builder().retentionTime(Duration.ofMillis(-1)).build(),
				"retentionTime must be from 0 to 36500d, was PT-0.001S");
		assertRefused(() -> TopicPolicies.builder().retentionSize(-1L).build(),
				"retentionSize must be 0 or more bytes, was -1");
		assertRefused(() -> TopicPolicies.builder().messageTtl(Duration.ofDays(40_000)).build(), "messageTtl");
		assertRefused(() -> TopicPolicies.builder().backlogQuota(-1L).build(), "backlogQuota");
		assertRefused(() -> TopicPolicies.builder().expireAfter(Duration.ofNanos(-1)).build(), "expireAfter");
		assertRefused(() -> SubscriptionPolicies.builder().redeliveryMultiplier(0.5).build(),
				"redeliveryMultiplier must be from 1 to 100, was 0.5");
		assertRefused(() -> SubscriptionPolicies.builder().redeliveryJitter(Double.NaN).build(), "redeliveryJitter");
		assertRefused(() -> SubscriptionPolicies.builder().maxRedeliveries(-1).build(), "maxRedeliveries");
		assertRefused(() -> SubscriptionPolicies.builder().ackTimeout(Duration.ofSeconds(-1)).build(), "ackTimeout");
		assertRefused(() -> SubscriptionPolicies.builder().redeliveryInitial(Duration.ofSeconds(-1)).build(),
				"redeliveryInitial");
		assertRefused(() -> SubscriptionPolicies.builder().redeliveryMax(Duration.ofSeconds(-1)).build(),
				"redeliveryMax");
		assertRefused(() -> SubscriptionPolicies.builder().messageTtl(Duration.ofSeconds(-1)).build(), "messageTtl");
		assertRefused(() -> SubscriptionPolicies.builder().deadLetterTopic("no topic").build(),
				"deadLetterTopic must be a topic's name");
		assertRefused(() -> SubscriptionPolicies.builder().deadLetterTopic("dead#1").build(),
				"it is that of partition 1 of topic 'dead'");
		assertRefused(() -> SubscriptionPolicies.builder()
			.redeliveryInitial(Duration.ofSeconds(2))
			.redeliveryMax(Duration.ofSeconds(1))
			.build(), "redeliveryMax must be at least redeliveryInitial (PT2S), was PT1S");
		assertRefused(() -> new TopicDefaults(" ", TopicPolicies.none()), "pattern must not be blank");
	}

	@Test
	void compactionAndWhatDropsTheOldestMustBeRefusedTogether() {
		TopicPolicies compacted = TopicPolicies.builder().compaction(true).build();
		TopicPolicies dropping = TopicPolicies.builder().backlogQuotaPolicy(BacklogQuotaPolicy.DROP_OLDEST).build();
		assertRefused(() -> TopicPolicies.builder()
			.compaction(true)
			.backlogQuotaPolicy(BacklogQuotaPolicy.DROP_OLDEST)
			.build(), "backlogQuotaPolicy must be REFUSE or BLOCK with compaction");
		assertRefused(
				() -> new PolicyDefaults(
						List.of(new TopicDefaults("prices.*", compacted), new TopicDefaults("*", dropping))),
				"of the topics of pattern 'prices.*', since by pattern '*'");
		PolicyDefaults defaults = new PolicyDefaults(List.of(new TopicDefaults("prices.*", compacted)));
		assertRefused(() -> defaults.check("prices.eu", dropping),
				"backlogQuotaPolicy of topic 'prices.eu' must be REFUSE or BLOCK");
		defaults.check("orders.eu", dropping);
		defaults.check("prices.eu", dropping.or(TopicPolicies.builder().compaction(false).build()));
	}

	@Test
	void latestMessagesMustNotBeDroppedWherePatternsMeetInATopic() {
		PolicyDefaults defaults = new PolicyDefaults(List.of(
				new TopicDefaults("prices.*",
						TopicPolicies.builder().backlogQuotaPolicy(BacklogQuotaPolicy.DROP_OLDEST).build()),
				new TopicDefaults("*.eu", TopicPolicies.builder().compaction(true).build())));
		assertThat(defaults.topic("prices.us").backlogQuotaPolicy()).isEqualTo(BacklogQuotaPolicy.DROP_OLDEST);
		assertThat(defaults.topic("prices.eu").backlogQuotaPolicy()).isEqualTo(BacklogQuotaPolicy.REFUSE);
		assertThat(defaults.topic("prices.eu").compaction()).isTrue();
	}

	private static void assertRefused(ThrowingCallable policies, String message) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(policies).withMessageContaining(message);
	}

}
