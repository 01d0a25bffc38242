package io.weir.spring.autoconfigure.broker;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WeirTopicsEndpointTests {

	private final ScriptedBroker broker = new ScriptedBroker();

	private final WeirTopicsEndpoint endpoint = new WeirTopicsEndpoint(this.broker);

	@Test
	void topicInUseIsDeletedOnlyByForce() {
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> this.endpoint.delete(null, "a", "orders"))
			.withMessage("Topic 'a/orders' has producers");
		assertThat(this.broker.deleted).isEmpty();
		this.endpoint.delete(true, "a", "orders");
		assertThat(this.broker.deleted).containsExactly("a/orders");
	}

	@Test
	void topicIsShownWithWhatCountsForIt() {
		this.broker.topics = List.of(Stats.topic("a/orders", 4, Stats.topic("a/orders", 1)));
		DescribedTopic shown = this.endpoint.topic("a", "orders");
		assertThat(shown).isNotNull();
		assertThat(shown.description()).isEqualTo(Stats.description("a/orders"));
		assertThat(shown.undescribed()).isNull();
		assertThat(shown).usingRecursiveComparison()
			.ignoringFields("description", "undescribed")
			.isEqualTo(this.broker.topics.get(0));
	}

	@Test
	void topicIsShownThoughItCannotBeDescribedNow() {
		this.broker.topics = List.of(Stats.topic("orders", 1));
		this.broker.describeFailure = new ProtocolException(ErrorCode.STORAGE_UNAVAILABLE, "The store is away");
		DescribedTopic shown = this.endpoint.topic("orders");
		assertThat(shown).isNotNull();
		assertThat(shown.messagesIn()).isEqualTo(7);
		assertThat(shown.description()).isNull();
		assertThat(shown.undescribed()).isEqualTo("The store is away");
	}

	@Test
	void topicThatIsDeletedMeanwhileIsNotShown() {
		this.broker.topics = List.of(Stats.topic("orders", 1));
		this.broker.describeFailure = new ProtocolException(ErrorCode.NOT_FOUND, "There is no topic 'orders'");
		assertThat(this.endpoint.topic("orders")).isNull();
	}

}
