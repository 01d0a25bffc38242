package io.weir.spring.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;
import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirMessage;
import io.weir.spring.WeirTemplate;
import io.weir.spring.fake.FakeConsumer;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.listener.ListenerStatus;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Listeners of different types use one subscription. */
@ExtendWith(OutputCaptureExtension.class)
class SharedSubscriptionTests extends ListenerMethodsFixture {

	@WeirMessage(type = "refund.v1")
	record Refund(String id) {
	}

	record Unknown(String id) {
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoTypes {

		@WeirListener(id = "orders", topics = "shop", subscription = "billing", initialPosition = "earliest",
				properties = QUEUE)
		void order(Order order) {
			heard.add(order);
		}

		@WeirListener(id = "refunds", topics = "shop", subscription = "billing", initialPosition = "earliest",
				ackMode = "manual", batch = "true")
		void refunds(List<Message<Refund>> refunds, Acknowledgement acknowledgement) {
			refunds.forEach((refund) -> heard.add(refund.value()));
			acknowledgement.acknowledge();
		}

	}

	/** To the consumer of one listener, which has this queue of its own. */
	private static final String QUEUE = "receiver-queue-size=7";

	private long entries;

	private FakeConsumer<Object> first() {
		return this.client.consumers.stream()
			.filter((each) -> Integer.valueOf(7).equals(each.settings.get("receiverQueueSize")))
			.findFirst()
			.orElseThrow();
	}

	private MessageId publish(String type, String payload) {
		return publish(Headers.of(Map.of("weir_type", type)), payload);
	}

	@SuppressWarnings("unchecked")
	private MessageId publish(Headers headers, String payload) {
		MessageId id = FakeMessage.id(this.entries++);
		Schema<Object> schema = (Schema<Object>) first().settings.get("schema");
		first()
			.deliver(new FakeMessage<>(id, "shop", null, headers, payload.getBytes(StandardCharsets.UTF_8), schema, 0));
		return id;
	}

	@Test
	void eachMessageGoesToTheListenerOfItsTypeWhoeverReceivedIt() {
		run(TwoTypes.class, (context) -> {
			MessageId order = publish("Order", "{\"id\":\"o\",\"amount\":1}");
			MessageId refund = publish("refund.v1", "{\"id\":\"r\"}");
			awaitHeard(new Order("o", 1), new Refund("r"));
			await().untilAsserted(() -> assertThat(first().acknowledged).containsExactlyInAnyOrder(order, refund));
			assertThat(first().negativelyAcknowledged).isEmpty();
			assertThat(context.getBean(WeirListenerRegistry.class).getContainers())
				.extracting((each) -> each.getId(), (each) -> each.getStatus().received())
				.containsExactlyInAnyOrder(org.assertj.core.groups.Tuple.tuple("orders", 1L),
						org.assertj.core.groups.Tuple.tuple("refunds", 1L));
		});
	}

	@Test
	void whatNoListenerTakesIsGivenBackAndSaidOnce(CapturedOutput output) {
		run(TwoTypes.class, (context) -> {
			MessageId one = publish("Unknown", "{\"id\":\"u\"}");
			MessageId two = publish("Unknown", "{\"id\":\"u\"}");
			publish("Order", "{\"id\":\"o\",\"amount\":1}");
			awaitHeard(new Order("o", 1));
			await().untilAsserted(() -> assertThat(first().negativelyAcknowledged).contains(one, two));
			assertThat(first().acknowledged).doesNotContain(one, two);
			assertThat(output.getAll().split("No listener of this application takes messages of type 'Unknown'", -1))
				.hasSize(2);
			ListenerStatus status = context.getBean(WeirListenerRegistry.class).getContainer("orders").getStatus();
			assertThat(status.failed()).isGreaterThanOrEqualTo(2);
			assertThat(status.lastFailure()).contains("'Unknown'");
		});
	}

	@Test
	void listenerThatIsStoppedOrPausedIsNotCalled() {
		run(TwoTypes.class, (context) -> {
			context.getBean(WeirListenerRegistry.class).getContainer("refunds").pause();
			MessageId refund = publish("refund.v1", "{\"id\":\"r\"}");
			await().untilAsserted(() -> assertThat(first().negativelyAcknowledged).contains(refund));
			context.getBean(WeirListenerRegistry.class).getContainer("refunds").stop();
			MessageId next = publish("refund.v1", "{\"id\":\"r\"}");
			await().untilAsserted(() -> assertThat(first().negativelyAcknowledged).contains(next));
			assertThat(heard).isEmpty();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class AnythingAndOne {

		@WeirListener(id = "anything", topics = "shop", subscription = "billing", properties = QUEUE)
		void anything(String json) {
			heard.add(json);
		}

		@WeirListener(id = "orders", topics = "shop", subscription = "billing")
		void order(Order order) {
			heard.add(order);
		}

		@WeirListener(id = "others", topics = "elsewhere", subscription = "billing")
		void elsewhere(Refund refund) {
			heard.add("elsewhere");
		}

	}

	@Test
	void listenerOfTheTypeComesBeforeOneThatTakesAnything() {
		run(AnythingAndOne.class, (context) -> {
			publish("Order", "{\"id\":\"o\",\"amount\":1}");
			publish("refund.v1", "{}");
			publish(Headers.empty(), "untyped");
			awaitHeard(new Order("o", 1), "{}", "untyped");
		});
	}

	@Test
	void classesCanBeGivenTheNamesThatOthersUse() {
		this.runner.withUserConfiguration(TwoTypes.class)
			.withPropertyValues("weir.message-types.order-v2=" + Order.class.getName(),
					"weir.message-types.order-v1=" + Order.class.getName())
			.run((context) -> {
				awaitSubscribed(context);
				publish("order-v1", "{\"id\":\"o\",\"amount\":1}");
				publish("order-v2", "{\"id\":\"p\",\"amount\":2}");
				awaitHeard(new Order("o", 1), new Order("p", 2));
			});
	}

	@Test
	void twoListenersOfDifferentTypesOnOneSharedSubscriptionEachGetTheirs() {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, JacksonAutoConfiguration.class))
				.withPropertyValues("weir.client.service-url=" + broker.serviceUrl(),
						"weir.client.ssl.fingerprint=" + broker.certificateFingerprint())
				.withInitializer((context) -> heard.clear())
				.withUserConfiguration(TwoTypes.class)
				.run((context) -> {
					awaitSubscribed(context);
					WeirTemplate template = context.getBean(WeirTemplate.class);
					IntStream.range(0, 100).forEach((i) -> {
						template.sendAsync("shop", new Order("o" + i, i));
						template.sendAsync("shop", new Refund("r" + i));
					});
					MessageId unknown = template.send("shop", new Unknown("u"));
					assertThat(unknown.isKnown()).isTrue();
					List<Object> expected = new ArrayList<>();
					IntStream.range(0, 100).forEach((i) -> {
						expected.add(new Order("o" + i, i));
						expected.add(new Refund("r" + i));
					});
					await().untilAsserted(() -> assertThat(heard).hasSize(200));
					assertThat(heard).containsExactlyInAnyOrderElementsOf(expected);
					// The one that nobody takes.
					await().untilAsserted(
							() -> assertThat(broker.topic("shop").orElseThrow().subscriptions()).singleElement()
								.satisfies((subscription) -> assertThat(subscription.backlog()).isEqualTo(1)));
				});
		}
	}

}
