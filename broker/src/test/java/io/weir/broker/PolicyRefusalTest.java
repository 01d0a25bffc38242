package io.weir.broker;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.policy.TopicPolicies;
import io.weir.transport.memory.MemoryNetwork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Policies that a topic cannot have. */
class PolicyRefusalTest {

	private static final TopicPolicies DROPPING = TopicPolicies.builder()
		.backlogQuotaPolicy(BacklogQuotaPolicy.DROP_OLDEST)
		.build();

	private static final TopicDefaults COMPACTED = new TopicDefaults("prices.*",
			TopicPolicies.builder().compaction(true).build());

	@Test
	void whatWouldDropWhatCompactionKeepsIsRefusedWhereItIsSaidOfATopic() {
		try (Broker broker = MemoryBrokers.on(new MemoryNetwork()).topicDefaults(List.of(COMPACTED)).build().start()) {
			broker.createTopic("prices.eu");
			assertThatIllegalArgumentException().isThrownBy(() -> broker.setPolicies("prices.eu", DROPPING))
				.withMessageContaining("topic 'prices.eu' must be REFUSE or BLOCK");
			assertThat(broker.policies("prices.eu")).isEqualTo(TopicPolicies.none());
		}
	}

	@Test
	void whatWouldDropWhatCompactionKeepsIsRefusedWhereTheBrokerIsBuilt() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Broker.builder().topicDefaults(List.of(COMPACTED, new TopicDefaults("*", DROPPING))))
			.withMessageContaining("of the topics of pattern 'prices.*'");
	}

}
