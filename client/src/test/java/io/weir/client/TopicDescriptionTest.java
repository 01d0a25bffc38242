package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.broker.TopicDescription;
import io.weir.broker.TopicDescription.KeptMessage;
import io.weir.broker.TopicDescription.KeptMessages;
import io.weir.broker.TopicDescription.SubscriptionDescription;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.policy.PolicyDescription;
import io.weir.broker.policy.PolicyDescription.Origin;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.store.FaultyStorageEngine;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.fixtures.MutableClock;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** What an administrator is told of a topic. */
@Timeout(60)
class TopicDescriptionTest {

	private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final List<TopicDefaults> DEFAULTS = List.of(
			new TopicDefaults("orders", null, TopicPolicies.builder().retentionSize(1L << 30).build(),
					SubscriptionPolicies.builder().ackTimeout(Duration.ofMinutes(1)).build()),
			new TopicDefaults("*", null, TopicPolicies.builder().retentionSize(7L).compaction(true).build(),
					SubscriptionPolicies.builder().maxRedeliveries(3).deadLetterTopic("dead").build()));

	private final FaultyStorageEngine store = new FaultyStorageEngine(new MemoryStorageEngine());

	private final MutableClock clock = new MutableClock(START);

	private final InMemory memory = new InMemory();

	private final Broker broker = this.memory
		.broker((builder) -> builder.storage(this.store).clock(this.clock).topicDefaults(DEFAULTS))
		.start();

	private final WeirClient client = this.memory.client(this.broker).build();

	@AfterEach
	void close() {
		this.client.close();
		this.broker.close();
		this.store.close();
	}

	@Test
	void eachPolicyIsShownWithWhereItComesFrom() {
		this.broker.createTopic("orders");
		this.client.consumer(Schema.string()).topic("orders").subscription("billing").subscribe();
		this.broker.setPolicies("orders", TopicPolicies.builder().messageTtl(Duration.ofDays(1)).build());
		this.broker.setPolicies("orders", "later", SubscriptionPolicies.builder().maxRedeliveries(9).build());
		this.broker.setPolicies("orders", "forgotten", SubscriptionPolicies.none());
		TopicDescription orders = this.broker.describeTopic("orders");
		assertThat(orders.policies())
			.contains(new PolicyDescription("message-ttl", "PT24H", Origin.OWN, null),
					new PolicyDescription("retention-size", "1073741824", Origin.PATTERN, "orders"),
					new PolicyDescription("compaction", "true", Origin.PATTERN, "*"),
					new PolicyDescription("backlog-quota-policy", "REFUSE", Origin.BUILT_IN, null),
					new PolicyDescription("expire-after", null, Origin.BUILT_IN, null))
			.hasSize(7);
		assertThat(orders.subscriptions()).extracting(SubscriptionDescription::name)
			.containsExactly("billing", "later");
		assertThat(orders.subscriptions().get(0).policies())
			.contains(new PolicyDescription("ack-timeout", "PT1M", Origin.PATTERN, "orders"),
					new PolicyDescription("max-redeliveries", "3", Origin.PATTERN, "*"),
					new PolicyDescription("dead-letter-topic", "dead", Origin.PATTERN, "*"),
					new PolicyDescription("dead-letter-expired", "false", Origin.BUILT_IN, null),
					new PolicyDescription("redelivery-max", null, Origin.BUILT_IN, null))
			.hasSize(9);
		assertThat(orders.subscriptions().get(1).policies())
			.contains(new PolicyDescription("max-redeliveries", "9", Origin.OWN, null));
	}

	@Test
	void whatIsKeptIsShownFromTheFirstMessageToTheLast() {
		this.broker.createTopic("orders");
		assertThat(this.broker.describeTopic("orders").kept())
			.containsExactly(new KeptMessages("orders", 0, 0L, null, null, null));
		Producer<String> producer = this.client.producer(Schema.string()).topic("orders").create();
		MessageId first = producer.send("first");
		producer.send("second");
		this.clock.turn(Duration.ofHours(1));
		MessageId last = producer.send("third");
		TopicDescription orders = this.broker.describeTopic("orders");
		long bytes = this.broker.topic("orders").orElseThrow().space().bytes();
		assertThat(bytes).isPositive();
		assertThat(orders).returns("orders", TopicDescription::name)
			.returns(1, TopicDescription::partitions)
			.returns(bytes, TopicDescription::bytes)
			.returns(3L, TopicDescription::messages);
		assertThat(orders.kept()).containsExactly(new KeptMessages("orders", bytes, 3L, kept(first, START),
				kept(last, START.plus(Duration.ofHours(1))), null));
	}

	@Test
	void whatIsGivenUpIsShownNoMore() {
		this.broker.createTopic("orders");
		this.client.consumer(Schema.string()).topic("orders").subscription("billing").subscribe();
		this.broker.setPolicies("orders", TopicPolicies.builder().compaction(false).build());
		Producer<String> producer = this.client.producer(Schema.string()).topic("orders").create();
		producer.send("first");
		MessageId last = producer.send("last");
		this.broker.setPolicies("orders", dropOldest());
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(this.broker.describeTopic("orders")).returns(1L, TopicDescription::messages)
				.satisfies((orders) -> assertThat(orders.kept()).containsExactly(
						new KeptMessages("orders", orders.bytes(), 1L, kept(last, START), kept(last, START), null))));
	}

	private static TopicPolicies dropOldest() {
		return TopicPolicies.builder()
			.compaction(false)
			.retentionSize(0L)
			.backlogQuota(1L)
			.backlogQuotaPolicy(BacklogQuotaPolicy.DROP_OLDEST)
			.build();
	}

	@Test
	void eachPartitionIsShownUsedOrNot() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("orders").create();
		MessageId first = producer.send("to the first partition, before there are others");
		producer.close();
		this.broker.partitions("orders", 3);
		this.broker.setPolicies("orders", TopicPolicies.builder().messageTtl(Duration.ofDays(1)).build());
		TopicDescription orders = this.broker.describeTopic("orders");
		assertThat(orders.partitions()).isEqualTo(3);
		assertThat(orders.messages()).isOne();
		assertThat(orders.kept()).containsExactly(
				new KeptMessages("orders", orders.bytes(), 1L, kept(first, START), kept(first, START), null),
				new KeptMessages("orders#1", 0, 0L, null, null, null),
				new KeptMessages("orders#2", 0, 0L, null, null, null));
		this.client.consumer(Schema.string()).topic("orders").subscription("billing").subscribe();
		TopicDescription second = this.broker.describeTopic("orders#2");
		assertThat(second.partitions()).isOne();
		assertThat(second.kept()).extracting(KeptMessages::partition).containsExactly("orders#2");
		assertThat(second.policies()).as("those of the whole topic").isEqualTo(orders.policies());
	}

	@Test
	void endThatIsDamagedIsSaidToBe() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("orders").create();
		MessageId first = producer.send("first");
		this.store.damage(new Position(0, 1));
		producer.send("damaged");
		KeptMessages kept = this.broker.describeTopic("orders").kept().get(0);
		assertThat(kept.first()).isEqualTo(kept(first, START));
		assertThat(kept.last()).isNull();
		assertThat(kept.messages()).isNull();
		assertThat(kept.damage()).contains("damaged");
		this.store.damage(new Position(0, 0));
		TopicDescription orders = this.broker.describeTopic("orders");
		assertThat(orders.messages()).isNull();
		assertThat(orders.kept().get(0).first()).isNull();
		assertThat(orders.kept().get(0).damage()).contains("damaged");
	}

	@Test
	void whatThereIsNotIsRefusedAndNotMade() {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.broker.describeTopic("orders"))
			.withMessage("There is no topic 'orders'")
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.NOT_FOUND);
		assertThat(this.broker.topic("orders")).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> this.broker.describeTopic("no topic"));
		this.broker.close();
		assertThatIllegalStateException().isThrownBy(() -> this.broker.describeTopic("orders"));
	}

	private static KeptMessage kept(MessageId id, Instant time) {
		return new KeptMessage(id.toString(), time);
	}

}
