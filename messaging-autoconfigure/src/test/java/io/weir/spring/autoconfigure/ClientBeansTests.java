package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.client.Consumer;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.Ordering;
import io.weir.client.Producer;
import io.weir.client.RedeliveryBackoff;
import io.weir.message.AccessMode;
import io.weir.message.SubscriptionType;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.common.FailureAnalyses;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What producers, consumers and listeners are told of the properties. */
class ClientBeansTests extends AutoConfigurationFixture {

	@Test
	void entriesOfProducersAndConsumersAreInjectedByTypeAndQualifier() {
		this.fake.withUserConfiguration(Injected.class)
			.withPropertyValues("weir.producers.orders.topic=orders-topic",
					"weir.producers.orders.type=" + Invoice.class.getName(),
					"weir.producers.orders.ordering=key-ordered", "weir.producers.other.topic=other",
					"weir.producers.other.type=" + Invoice.class.getName(), "weir.producers.text.topic=text",
					"weir.producers.text.type=java.lang.String", "weir.producers.text.batch.linger=5ms",
					"weir.consumers.audit.topic=orders-topic", "weir.consumers.audit.subscription=audit",
					"weir.consumers.audit.type=" + Invoice.class.getName(),
					"weir.consumers.audit.receiver-queue-size=5")
			.run((context) -> {
				Checkout checkout = context.getBean(Checkout.class);
				checkout.orders().send(new Invoice("a"));
				assertThat(checkout.orders().topic()).isEqualTo("orders-topic");
				assertThat(checkout.text().topic()).isEqualTo("text");
				assertThat(this.client.producers.get(0).settings).containsEntry("ordering", Ordering.KEY_ORDERED);
				this.client.publish("orders-topic", "{\"orderId\":\"b\"}");
				assertThat(checkout.audit().receive().value()).isEqualTo(new Invoice("b"));
				assertThat(this.client.consumer(0).settings).containsEntry("receiverQueueSize", 5);
				context.getSourceApplicationContext().close();
				assertThat(this.client.producers.get(0).closed).isTrue();
				assertThat(this.client.consumer(0).closed).isTrue();
			});
	}

	record Checkout(Producer<Invoice> orders, Producer<String> text, Consumer<Invoice> audit) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		@Bean
		Checkout checkout(@Qualifier("orders") Producer<Invoice> producer, Producer<String> onlyOne,
				Consumer<Invoice> onlyConsumer) {
			return new Checkout(producer, onlyOne, onlyConsumer);
		}

	}

	@Test
	void producersAreToldWhatTheirPropertiesSay() {
		this.fake
			.withPropertyValues("weir.producer.lanes=3", "weir.producers.plain.topic=orders",
					"weir.producers.plain.type=java.lang.String", "weir.producers.special.topic=orders",
					"weir.producers.special.type=java.lang.String", "weir.producers.special.name=shop",
					"weir.producers.special.access-mode=exclusive", "weir.producers.special.ordering=key-ordered",
					"weir.producers.special.lanes=7")
			.run((context) -> {
				context.getBean("plain", Producer.class).flush();
				context.getBean("special", Producer.class).flush();
				assertThat(this.client.producers.get(0).settings).containsEntry("lanes", 3)
					.containsEntry("accessMode", AccessMode.SHARED)
					.doesNotContainKey("name");
				assertThat(this.client.producers.get(1).settings).containsEntry("lanes", 7)
					.containsEntry("accessMode", AccessMode.EXCLUSIVE)
					.containsEntry("name", "shop");
			});
	}

	@Test
	void consumersAreToldWhatTheirPropertiesSay() {
		this.fake
			.withPropertyValues("weir.consumer.acknowledgement-delay=20ms",
					"weir.consumers.special.acknowledgement-delay=0", "weir.consumer.receiver-queue-bytes=1MB",
					"weir.consumer.ack-timeout=1m", "weir.consumer.dead-letter.topic=dead",
					"weir.consumer.retry.backoff.max=3s", "weir.consumers.plain.topic=orders",
					"weir.consumers.plain.subscription=plain", "weir.consumers.plain.type=java.lang.String",
					"weir.consumers.special.topic=orders", "weir.consumers.special.subscription=special",
					"weir.consumers.special.type=java.lang.String", "weir.consumers.special.subscription-type=failover",
					"weir.consumers.special.ack-timeout=0", "weir.consumers.special.dead-letter.max-redeliveries=2",
					"weir.consumers.special.retry.backoff.initial=2s", "weir.consumers.dead.topic=dead",
					"weir.consumers.dead.subscription=dead", "weir.consumers.dead.type=java.lang.String")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(settings("plain")).containsEntry("receiverQueueBytes", 1024L * 1024)
					.containsEntry("ackTimeout", Duration.ofMinutes(1))
					.containsEntry("acknowledgementDelay", Duration.ofMillis(20))
					.containsEntry("deadLetterPolicy", new DeadLetterPolicy(10, "dead"));
				assertThat(delays("plain")).containsExactly(1L, 2L, 3L, 3L);
				assertThat(settings("special")).containsEntry("subscriptionType", SubscriptionType.FAILOVER)
					.containsEntry("ackTimeout", Duration.ZERO)
					.containsEntry("acknowledgementDelay", Duration.ZERO)
					.containsEntry("deadLetterPolicy", new DeadLetterPolicy(2, "dead"));
				assertThat(delays("special")).containsExactly(2L, 3L, 3L, 3L);
				assertThat(settings("dead")).doesNotContainKey("deadLetterPolicy");
			});
	}

	@Test
	void listenersAreToldWhatThePropertiesSay() {
		this.fake.withUserConfiguration(Listening.class)
			.withPropertyValues("weir.consumer.ack-timeout=1m", "weir.consumer.acknowledgement-delay=20ms",
					"weir.consumer.dead-letter.topic=dead")
			.run((context) -> {
				await().until(() -> this.client.consumers.size() == 1);
				assertThat(settings("listening")).containsEntry("ackTimeout", Duration.ofMinutes(1))
					.containsEntry("acknowledgementDelay", Duration.ofMillis(20))
					.containsEntry("deadLetterPolicy", new DeadLetterPolicy(10, "dead"));
				assertThat(delays("listening")).containsExactly(1L, 2L, 4L, 8L);
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@WeirListener(id = "listening", topics = "orders", subscriptionType = "key-shared")
		void listen(String text) {
		}

	}

	private Map<String, Object> settings(String subscription) {
		return this.client.consumers.stream()
			.filter((consumer) -> consumer.subscription().equals(subscription))
			.findFirst()
			.orElseThrow().settings;
	}

	/** The delays after the first deliveries, in seconds. */
	private List<Long> delays(String subscription) {
		RedeliveryBackoff backoff = (RedeliveryBackoff) settings(subscription).get("negativeAckRedeliveryBackoff");
		return IntStream.range(0, 4).mapToObj((count) -> backoff.next(count).toSeconds()).toList();
	}

	@Test
	void anEntryMustNotTakeTheNameOfAnotherBean() {
		this.fake.withBean("orders", String.class, () -> "taken")
			.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
					.contains("weir.producers.orders", "a bean named 'orders'");
			});
	}

}
