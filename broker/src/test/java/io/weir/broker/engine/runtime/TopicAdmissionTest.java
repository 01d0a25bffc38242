package io.weir.broker.engine.runtime;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.LocalSession;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.policy.TopicPolicies;
import io.weir.message.Topic;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class TopicAdmissionTest {

	private static final Topic DEAD_LETTERS = new Topic("dead");

	private final TopicAdmission admission = new TopicAdmission(Budgets.unlimited(),
			new PolicyDefaults(
					List.of(new TopicDefaults("*", false, TopicPolicies.none(), SubscriptionPolicies.none()))),
			() -> 0);

	@Test
	void brokerItselfMustMakeTopicsThatClientsDoNotMake() {
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> this.admission.admit(DEAD_LETTERS, "address of a client"))
			.returns(ErrorCode.NOT_FOUND, ProtocolException::code);
		assertThatNoException().isThrownBy(() -> this.admission.admit(DEAD_LETTERS, LocalSession.class));
	}

}
