package io.weir.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import io.weir.broker.Broker;
import io.weir.client.Consumer;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.pool.PoolStats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Over QUIC, with a broker in this JVM. */
@Timeout(300)
class ManyTopicsTests {

	private static final int TOPICS = 9_990;

	@Test
	void tenThousandTopicsGoThroughOneTemplateAndConsumersBesideItDoNotWait() {
		try (Broker broker = Broker.builder().port(0).build().start();
				WeirClient client = WeirClient.builder()
					.serviceUrl(broker.serviceUrl())
					.fingerprint(broker.certificateFingerprint())
					.build();
				WeirTemplate template = WeirTemplate
					.builder(new DefaultWeirProducerFactory(client), new WeirSchemas(JsonMapper.builder().build()))
					.producerCache(new ProducerCacheSettings(100, Duration.ofSeconds(1)))
					.build()) {
			Consumer<String> first = consumer(client, "beside");
			List<CompletableFuture<MessageId>> sent = new ArrayList<>();
			for (int i = 0; i < TOPICS; i++) {
				sent.add(template.sendAsync("topic-" + i, "one"));
				sent.add(template.sendAsync("topic-" + i, "two"));
				if (i % 1000 == 0) {
					template.send("beside", "m" + i);
					assertThat(first.receive(Duration.ofSeconds(30))).extracting(Message::value).isEqualTo("m" + i);
				}
				if (i % 500 == 499) {
					sent.forEach(CompletableFuture::join);
				}
			}
			sent.forEach(CompletableFuture::join);
			// Streams are left for as many consumers as there were without the template.
			for (int i = 0; i < 50; i++) {
				Consumer<String> late = consumer(client, "topic-" + (TOPICS - 1 - i));
				assertThat(late.receive(Duration.ofSeconds(30))).extracting(Message::value).isEqualTo("one");
				assertThat(late.receive(Duration.ofSeconds(30))).extracting(Message::value).isEqualTo("two");
			}
			assertThat(active(client)).isBetween(51, 51 + 12);
			await().untilAsserted(() -> assertThat(active(client)).isEqualTo(51));
		}
	}

	private static Consumer<String> consumer(WeirClient client, String topic) {
		return client.consumer(Schema.string())
			.topic(topic)
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
	}

	private static int active(WeirClient client) {
		return client.pools().values().stream().mapToInt(PoolStats::active).sum();
	}

}
