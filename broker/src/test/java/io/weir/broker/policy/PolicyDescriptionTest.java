package io.weir.broker.policy;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.broker.policy.PolicyDescription.Origin;

import static org.assertj.core.api.Assertions.assertThat;

class PolicyDescriptionTest {

	private static final PolicyDefaults DEFAULTS = new PolicyDefaults(List.of(
			new TopicDefaults("other", TopicPolicies.builder().backlogQuota(1L).build()),
			new TopicDefaults("orders.*", null, TopicPolicies.builder().backlogQuota(2L).build(),
					SubscriptionPolicies.builder().redeliveryMax(Duration.ofSeconds(5)).build()),
			new TopicDefaults("*", null, TopicPolicies.builder().backlogQuota(3L).messageTtl(Duration.ZERO).build(),
					SubscriptionPolicies.builder().deadLetterTopic("dead").redeliveryMultiplier(2.0).build())));

	@Test
	void valueMustComeWithTheFirstPatternThatSaysIt() {
		List<PolicyDescription> described = DEFAULTS.describe("orders.eu", TopicPolicies.none());
		assertThat(described).extracting(PolicyDescription::name)
			.containsExactly("retention-time", "retention-size", "message-ttl", "backlog-quota", "backlog-quota-policy",
					"compaction", "expire-after");
		assertThat(described).contains(new PolicyDescription("backlog-quota", "2", Origin.PATTERN, "orders.*"),
				new PolicyDescription("message-ttl", "PT0S", Origin.PATTERN, "*"),
				new PolicyDescription("retention-time", null, Origin.BUILT_IN, null));
	}

	@Test
	void whatIsSaidOfTheTopicItselfMustComeFirst() {
		assertThat(DEFAULTS.describe("orders.eu", TopicPolicies.builder().backlogQuota(0L).build()))
			.contains(new PolicyDescription("backlog-quota", "0", Origin.OWN, null));
	}

	@Test
	void valueMustBeTheOneThatCountsWhereTwoDoNotFit() {
		SubscriptionPolicies own = SubscriptionPolicies.builder().redeliveryInitial(Duration.ofMinutes(1)).build();
		assertThat(DEFAULTS.describe("orders.eu", own)).contains(
				new PolicyDescription("redelivery-initial", "PT1M", Origin.OWN, null),
				new PolicyDescription("redelivery-max", "PT1M", Origin.PATTERN, "orders.*"),
				new PolicyDescription("redelivery-multiplier", "2.0", Origin.PATTERN, "*"));
	}

	@Test
	void deadLettersOfTheDeadLetterTopicItselfMustGoNowhere() {
		assertThat(DEFAULTS.describe("orders.eu", SubscriptionPolicies.none()))
			.contains(new PolicyDescription("dead-letter-topic", "dead", Origin.PATTERN, "*"));
		assertThat(DEFAULTS.describe("dead", SubscriptionPolicies.none()))
			.contains(new PolicyDescription("dead-letter-topic", null, Origin.BUILT_IN, null));
	}

}
