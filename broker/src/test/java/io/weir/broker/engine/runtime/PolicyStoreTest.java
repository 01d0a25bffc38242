package io.weir.broker.engine.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.Topic;
import io.weir.wire.Budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Policies reach the topics that they are said of. */
class PolicyStoreTest {

	private static final Topic TOPIC = new Topic("orders");

	private static final PolicyDefaults DEFAULTS = new PolicyDefaults(
			List.of(new TopicDefaults("*", null, TopicPolicies.builder().backlogQuota(1_000L).build(),
					SubscriptionPolicies.builder().maxRedeliveries(3).build())));

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final AtomicReference<TopicPolicies> setWhenRead = new AtomicReference<>();

	private Engine engine = start(this.store);

	private Engine start(StorageEngine store) {
		Engine engine = new Engine(store, 2, EngineClock.neverSet(() -> 42), Budgets.unlimited(), 1_000, DEFAULTS,
				(error) -> {
				});
		engine.start((effect) -> {
		});
		return engine;
	}

	@AfterEach
	void close() {
		this.engine.close();
		this.store.close();
	}

	@Test
	void topicThatIsOpenMustHearOfItsPoliciesAtOnce() {
		open(TOPIC);
		assertThat(policies(TOPIC).backlogQuota()).isEqualTo(1_000);
		join(this.engine.policies()
			.set(TOPIC, TopicPolicies.builder().retentionTime(Duration.ofHours(1)).backlogQuota(0L).build()));
		Awaitility.await().untilAsserted(() -> {
			Policies present = policies(TOPIC);
			assertThat(present.backlogQuota()).isEqualTo(Policies.UNLIMITED);
			assertThat(present.retention()).isEqualTo(new Policies.Retention(true, 3_600_000, Policies.UNLIMITED));
			assertThat(present.backlogQuotaPolicy()).isEqualTo(BacklogQuotaPolicy.REFUSE);
		});
		join(this.engine.policies()
			.set(TOPIC, "s", SubscriptionPolicies.builder().ackTimeout(Duration.ofSeconds(2)).build()));
		Awaitility.await().untilAsserted(() -> {
			assertThat(policies(TOPIC).subscription("s").ackTimeout()).isEqualTo(2_000);
			assertThat(policies(TOPIC).subscription("s").maxRedeliveries()).isEqualTo(3);
			assertThat(policies(TOPIC).subscription("other").ackTimeout()).isNull();
		});
	}

	@Test
	void policiesOfATopicMustBeThoseOfItsPartitions() {
		Topic partition = TOPIC.partition(2);
		open(partition);
		open(new Topic("orders-eu"));
		join(this.engine.policies().set(TOPIC, TopicPolicies.builder().backlogQuota(7L).build()));
		Awaitility.await().untilAsserted(() -> assertThat(policies(partition).backlogQuota()).isEqualTo(7));
		open(TOPIC.partition(1));
		assertThat(policies(TOPIC.partition(1)).backlogQuota()).isEqualTo(7);
		assertThat(policies(new Topic("orders-eu")).backlogQuota()).isEqualTo(1_000);
	}

	@Test
	void policiesMustOutliveTheBroker() {
		open(TOPIC);
		join(this.engine.policies().set(TOPIC, TopicPolicies.builder().compaction(true).build()));
		join(this.engine.policies().set(TOPIC, "a/b c", SubscriptionPolicies.builder().maxRedeliveries(9).build()));
		this.engine.close();
		this.engine = start(this.store);
		open(TOPIC);
		assertThat(policies(TOPIC).compaction()).isTrue();
		assertThat(policies(TOPIC).subscription("a/b c").maxRedeliveries()).isEqualTo(9);
	}

	@Test
	void topicsWhoseNamesHaveSlashesMustHavePoliciesOfTheirOwn() {
		Topic below = new Topic("orders/subscriptions/s");
		open(TOPIC);
		open(below);
		join(this.engine.policies().set(below, TopicPolicies.builder().backlogQuota(7L).build()));
		Awaitility.await().untilAsserted(() -> assertThat(policies(below).backlogQuota()).isEqualTo(7));
		assertThat(policies(TOPIC).backlogQuota()).isEqualTo(1_000);
		assertThat(join(this.engine.policies().subscription(TOPIC, "s"))).isEqualTo(SubscriptionPolicies.none());
	}

	@Test
	void topicMustHearOfPoliciesThatAreStoredWhileItOpens() {
		this.engine.close();
		this.setWhenRead.set(TopicPolicies.builder().backlogQuota(7L).build());
		this.engine = start(proxy(StorageEngine.class, this.store, "metadata",
				(metadata) -> proxy(MetadataStore.class, (MetadataStore) metadata, "get", this::setAfterwards)));
		open(TOPIC);
		Awaitility.await().untilAsserted(() -> assertThat(policies(TOPIC).backlogQuota()).isEqualTo(7));
		assertThat(this.setWhenRead.get()).isNull();
	}

	/** Somebody says something else of the topic when it was read what is said. */
	private Object setAfterwards(Object read) {
		TopicPolicies policies = this.setWhenRead.getAndSet(null);
		if (policies != null) {
			join(new PolicyStore(this.store.metadata(), DEFAULTS).set(TOPIC, policies));
		}
		return read;
	}

	/** Has the results of one method go through a function. */
	private static <T> T proxy(Class<T> type, T target, String name, UnaryOperator<Object> function) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				try {
					Object result = method.invoke(target, arguments);
					return method.getName().equals(name) ? function.apply(result) : result;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

	@Test
	void policiesThatCannotBeReadMustBeRefusedByNameOfTheKey() {
		join(this.store.metadata().put("topics/orders/policies", new byte[] { 'x' }, 0));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> join(this.engine.policies().topic(TOPIC)))
			.withCauseInstanceOf(StorageException.class)
			.withMessageContaining("topics/orders/policies");
	}

	@Test
	void topicWhosePoliciesAreNoLongerAllowedMustOpenWithOnesThatAre() {
		byte[] text = "compaction=true\nbacklog-quota-policy=DROP_OLDEST\n".getBytes(StandardCharsets.UTF_8);
		join(this.store.metadata().put("topics/orders/policies", text, 0));
		open(TOPIC);
		assertThat(policies(TOPIC).compaction()).isTrue();
		assertThat(policies(TOPIC).backlogQuotaPolicy()).isEqualTo(BacklogQuotaPolicy.REFUSE);
	}

	private void open(Topic topic) {
		this.engine.submit(topic,
				new Command.OpenProducer(new ReplyTo(1, 1), new Peer(1, 1), "p", false, -1, AccessMode.SHARED));
	}

	private Policies policies(Topic topic) {
		return join(this.engine.snapshot(topic)).get(0).policies();
	}

	private static <T> T join(CompletionStage<T> stage) {
		return stage.toCompletableFuture().join();
	}

}
