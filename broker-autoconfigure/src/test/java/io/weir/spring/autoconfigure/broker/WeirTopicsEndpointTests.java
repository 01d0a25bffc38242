package io.weir.spring.autoconfigure.broker;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

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

}
