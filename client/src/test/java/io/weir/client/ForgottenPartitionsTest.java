package io.weir.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.broker.TopicStats;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broker that keeps all in memory comes back, and has to be told of partitions anew.
 */
@Timeout(60)
class ForgottenPartitionsTest {

	private final InMemory memory = new InMemory();

	private Broker broker = this.memory.broker();

	@AfterEach
	void stop() {
		this.broker.close();
	}

	@Test
	void producersAndConsumersGoOnWhenTheBrokerIsTold() {
		this.broker.start();
		this.broker.partitions("t", 3);
		try (WeirClient client = this.memory.clientOfAny(this.broker).build();
				Producer<String> producer = client.producer(Schema.string()).topic("t").create();
				Consumer<String> consumer = client.consumer(Schema.string()).topic("t").subscription("s").subscribe()) {
			comeBack();
			await().atMost(Duration.ofSeconds(30)).until(this::firstPartitionIsInUse);
			this.broker.partitions("t", 3);
			await().atMost(Duration.ofSeconds(30)).until(consumer::isConnected);
			List<CompletableFuture<MessageId>> sent = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				sent.add(producer.message("m").key("key-" + i).sendAsync());
			}
			sent.forEach(CompletableFuture::join);
			List<Message<String>> messages = consumer.batchReceive(60, Duration.ofSeconds(30));
			assertThat(messages).hasSize(60);
			assertThat(PartitionsFixture.partitions(messages)).containsExactly(0, 1, 2);
		}
	}

	private void comeBack() {
		int port = URI.create(this.broker.serviceUrl()).getPort();
		this.broker.close();
		this.broker = this.memory.broker((builder) -> builder.port(port));
		this.broker.start();
	}

	private boolean firstPartitionIsInUse() {
		return this.broker.topics("t", "", 1).stream().anyMatch(ForgottenPartitionsTest::isInUse);
	}

	private static boolean isInUse(TopicStats topic) {
		return !topic.producers().isEmpty()
				&& topic.subscriptions().stream().anyMatch((each) -> !each.consumers().isEmpty());
	}

}
