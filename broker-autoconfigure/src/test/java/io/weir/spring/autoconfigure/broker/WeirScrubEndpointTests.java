package io.weir.spring.autoconfigure.broker;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.broker.Broker;
import io.weir.broker.store.Damage;
import io.weir.broker.store.ScrubReport;
import io.weir.message.Topic;
import io.weir.spring.autoconfigure.broker.WeirScrubEndpoint.Scrub;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WeirScrubEndpointTests {

	private final ScriptedBroker broker = new ScriptedBroker();

	private final WeirScrubEndpoint endpoint = new WeirScrubEndpoint(this.broker);

	@Test
	void endpointIsThereIfItIsExposed() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirBrokerActuatorAutoConfiguration.class))
			.withBean(Broker.class, () -> this.broker);
		runner.run((context) -> assertThat(context).doesNotHaveBean(WeirScrubEndpoint.class));
		runner.withPropertyValues("management.endpoints.web.exposure.include=weirscrub")
			.run((context) -> assertThat(context).hasSingleBean(WeirScrubEndpoint.class));
	}

	@Test
	void topicIsVerifiedInTheBackgroundAndOnceAtATime() {
		assertThat(this.endpoint.scrub("orders")).isEqualTo(new Scrub("orders", "running", 0, 0, 0, null));
		assertThat(this.endpoint.scrub("orders").state()).isEqualTo("running");
		assertThat(this.broker.scrubbed).containsExactly("orders");
		this.broker.scrub.complete(new ScrubReport(1, 7, 700, List.of(), List.of()));
		assertThat(this.endpoint.scrubs().scrubs()).containsExactly(new Scrub("orders", "intact", 7, 700, 0, null));
		this.broker.scrub = new CompletableFuture<>();
		assertThat(this.endpoint.scrub("orders").state()).as("again").isEqualTo("running");
	}

	@Test
	void allTopicsAreVerifiedUnlessOneIsNamed() {
		this.broker.scrub.complete(new ScrubReport(2, 7, 700,
				List.of(new Damage(new Topic("orders"), new Position(0, 3), "Entry 0:3 is damaged")), List.of()));
		assertThat(this.endpoint.scrub(null)).isEqualTo(new Scrub(null, "damaged", 7, 700, 1, null));
		assertThat(this.broker.scrubbed).containsExactly("*");
	}

	@Test
	void failureIsSaid() {
		this.broker.scrub.completeExceptionally(new ProtocolException(ErrorCode.STORAGE_UNAVAILABLE, "closed"));
		assertThat(this.endpoint.scrub("orders")).isEqualTo(new Scrub("orders", "failed", 0, 0, 0, "closed"));
		assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(() -> this.endpoint.scrub(" "))
			.withMessage("blank");
	}

}
