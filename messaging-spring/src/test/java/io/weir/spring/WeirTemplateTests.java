package io.weir.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import io.weir.message.MessageId;
import io.weir.spring.fake.FakeWeirClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class WeirTemplateTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final WeirTemplate template = new WeirTemplate(new DefaultWeirProducerFactory(this.client),
			new WeirSchemas(JsonMapper.builder().build()));

	@Test
	void producersAreClosedSideBySideAndWaitedFor() {
		this.client.end = new CompletableFuture<>();
		this.template.send("a", "value");
		this.template.send("b", "value");
		CompletableFuture<Void> closed = CompletableFuture.runAsync(this.template::close);
		await().until(() -> this.client.producers.stream().allMatch((producer) -> producer.closed));
		assertThat(closed).isNotDone();
		this.client.end.complete(null);
		closed.join();
	}

	@Test
	void messagesCanBeDelayedAndTakenBack() {
		this.template.message("a", "value").deliverAfter(Duration.ofHours(1)).deliverAt(Instant.EPOCH).send();
		assertThat(this.client.producers.get(0).sent.get(0).headers()).containsEntry("deliverAfter", "PT1H")
			.containsEntry("deliverAt", "1970-01-01T00:00:00Z");
		assertThat(this.template.cancelDelayed("a", MessageId.parse("0:0:1:0"))).isFalse();
	}

}
