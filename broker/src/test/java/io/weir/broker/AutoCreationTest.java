package io.weir.broker;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.policy.TopicPolicies;
import io.weir.message.AccessMode;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Who makes topics, where clients do not. */
class AutoCreationTest {

	private final Broker broker = Broker.builder()
		.port(0)
		.topicDefaults(List.of(new TopicDefaults("free.*", true, TopicPolicies.none(), SubscriptionPolicies.none()),
				new TopicDefaults("*", false, TopicPolicies.none(), SubscriptionPolicies.none())))
		.build()
		.start();

	private final RawClient client = RawClient.connect(this.broker);

	@AfterEach
	void close() {
		this.client.close();
		this.broker.close();
	}

	@Test
	void topicThatClientsDoNotMakeMustBeRefusedUntilAnAdministratorMakesIt() {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> open("orders"))
			.withMessageContaining("'orders'")
			.withMessageContaining("auto-create")
			.satisfies((refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
		assertThat(this.broker.topic("orders")).isEmpty();
		assertThat(open("free.orders")).isInstanceOf(Frame.ProducerOpened.class);
		this.broker.createTopic("orders");
		this.broker.createTopic("orders");
		assertThat(this.broker.topic("orders")).hasValueSatisfying((topic) -> assertThat(topic.producers()).isEmpty());
		assertThat(open("orders")).isInstanceOf(Frame.ProducerOpened.class);
	}

	private Frame open(String topic) {
		return this.client.ask(new Frame.OpenProducer(topic.hashCode() & 0xFFFF, topic, null, -1, AccessMode.SHARED));
	}

}
