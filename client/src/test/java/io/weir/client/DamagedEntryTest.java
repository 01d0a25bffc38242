package io.weir.client;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.broker.TopicStats;
import io.weir.broker.store.FaultyStorageEngine;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Consumers of a subscription that comes to an entry which cannot be read. */
@Timeout(60)
class DamagedEntryTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final Position DAMAGED = new Position(0, 1);

	private final FaultyStorageEngine store = new FaultyStorageEngine(new MemoryStorageEngine());

	private final InMemory memory = new InMemory();

	private final Broker broker = this.memory.broker((builder) -> builder.storage(this.store)).start();

	private final WeirClient client = this.memory.client(this.broker).build();

	@AfterEach
	void close() {
		this.client.close();
		this.broker.close();
		this.store.close();
	}

	@Test
	void consumerComesBackByItselfWhenTheEntryIsSkipped() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		Consumer<String> consumer = this.client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
		producer.send("before");
		Message<String> before = ClientFixture.receive(consumer, 1).get(0);
		this.store.damage(DAMAGED);
		producer.send("damaged");
		producer.send("behind");
		await().atMost(SOON).untilAsserted(() -> assertThat(subscription().stopped()).contains("damaged"));
		consumer.acknowledge(before);
		assertThat(this.broker.skipDamaged("t", DAMAGED, DAMAGED)).containsExactly(DAMAGED);
		Message<String> behind = ClientFixture.receive(consumer, 1).get(0);
		assertThat(behind.value()).isEqualTo("behind");
		consumer.acknowledge(behind);
		await().atMost(SOON).untilAsserted(() -> assertThat(subscription().backlog()).isZero());
	}

	private TopicStats.SubscriptionStats subscription() {
		return this.broker.topic("t").orElseThrow().subscriptions().get(0);
	}

}
