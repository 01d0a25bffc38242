package io.weir.spring.autoconfigure;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WeirListenerTests extends ListenerMethodsFixture {

	@Test
	void payloadsArriveAsTheParameterSays() {
		run(Payloads.class, (context) -> {
			deliver("json", "{\"id\":\"a\",\"amount\":1}");
			deliver("list", "[{\"id\":\"b\",\"amount\":2}]");
			deliver("text", "hello");
			deliver("text", "");
			deliver("bytes", "raw");
			awaitHeard(new Order("a", 1), List.of(new Order("b", 2)), "hello", "", "bytes raw");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Payloads {

		@WeirListener(id = "json", topics = "json")
		void json(Order order) {
			heard.add(order);
		}

		@WeirListener(id = "list", topics = "list")
		void list(@Payload List<Order> orders) {
			heard.add(orders);
		}

		@WeirListener(id = "text", topics = "text")
		void text(String text) {
			heard.add(text);
		}

		@WeirListener(id = "bytes", topics = "bytes")
		void bytes(byte[] bytes) {
			heard.add("bytes " + new String(bytes));
		}

	}

	@Test
	void whatIsKnownAboutAMessageCanBeAskedFor() {
		run(About.class, (context) -> {
			this.client.publish("headers", "{\"id\":\"a\",\"amount\":1}", "key", Headers.of(Map.of("id", "own")));
			awaitHeard(List.of("key", "headers", FakeMessage.PUBLISHED, FakeMessage.HAPPENED, 0, "own"));
			heard.clear();
			this.client.publish("weir", "{\"id\":\"b\",\"amount\":2}", "key", Headers.empty());
			awaitHeard(List.of(new Order("b", 2), "key"));
			heard.clear();
			this.client.publish("spring", "{\"id\":\"c\",\"amount\":3}", "key", Headers.empty());
			awaitHeard(List.of(new Order("c", 3), "key"));
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class About {

		@WeirListener(id = "headers", topics = "headers")
		void headers(Order order, @Header("weir_key") String key, @Header(WeirHeaders.TOPIC) String topic,
				@Header(WeirHeaders.PUBLISH_TIME) Instant published, @Header(WeirHeaders.EVENT_TIME) Instant happened,
				@Header(WeirHeaders.REDELIVERY_COUNT) int redeliveries, @Header("id") String own,
				@Header(WeirHeaders.MESSAGE_ID) MessageId id) {
			heard.add(List.of(key, topic, published, happened, redeliveries, own));
		}

		@WeirListener(id = "weir", topics = "weir")
		void weir(Message<Order> message) {
			heard.add(List.of(message.value(), message.key()));
		}

		@WeirListener(id = "spring", topics = "spring")
		void spring(org.springframework.messaging.Message<Order> message) {
			heard.add(List.of(message.getPayload(), message.getHeaders().get(WeirHeaders.KEY)));
		}

	}

	@Test
	void headersAreTheProducersAndTheDocumentedOnly() {
		run(AllHeaders.class, (context) -> {
			String[] ofOne = { "own", WeirHeaders.KEY, WeirHeaders.TOPIC, WeirHeaders.PARTITION, WeirHeaders.MESSAGE_ID,
					WeirHeaders.PUBLISH_TIME, WeirHeaders.EVENT_TIME, WeirHeaders.PRODUCER_NAME,
					WeirHeaders.SEQUENCE_ID, WeirHeaders.REDELIVERY_COUNT, WeirHeaders.ACKNOWLEDGEMENT };
			for (String topic : List.of("map", "springs", "message")) {
				this.client.publish(topic, "hello", "key", Headers.of(Map.of("own", "1")));
				await().untilAsserted(() -> assertThat(heard).as(topic).containsExactlyInAnyOrder((Object[]) ofOne));
				heard.clear();
			}
			this.client.publish("batch", "hello", "key", Headers.of(Map.of("own", "1")));
			this.client.publish("batch", "hello", "key", Headers.of(Map.of("own", "2")));
			await().untilAsserted(() -> assertThat(heard).contains(WeirHeaders.TOPIC, WeirHeaders.ACKNOWLEDGEMENT));
			assertThat(heard).isSubsetOf((Object[]) ofOne);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class AllHeaders {

		@WeirListener(id = "map", topics = "map")
		void map(String text, @org.springframework.messaging.handler.annotation.Headers Map<String, Object> headers) {
			heard.addAll(headers.keySet());
		}

		@WeirListener(id = "springs", topics = "springs")
		void springs(String text, MessageHeaders headers) {
			heard.addAll(headers.keySet());
		}

		@WeirListener(id = "message", topics = "message")
		void message(org.springframework.messaging.Message<String> message) {
			heard.addAll(message.getHeaders().keySet());
		}

		@WeirListener(id = "batch", topics = "batch", batch = "true")
		void batch(List<String> texts, MessageHeaders headers) {
			heard.addAll(headers.keySet());
		}

	}

	@Test
	void aMethodMayHaveSeveralListeners() {
		run(Several.class, (context) -> {
			assertThat(context.getBean(WeirListenerRegistry.class).getContainers())
				.extracting(WeirListenerContainer::getId)
				.containsExactlyInAnyOrder("one", "two");
			deliver("a", "from a");
			deliver("b", "from b");
			awaitHeard("from a", "from b");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Several {

		@WeirListener(id = "one", topics = "a")
		@WeirListener(id = "two", topics = "b")
		CompletionStage<?> text(String text) {
			heard.add(text);
			return CompletableFuture.completedFuture(null);
		}

	}

	@Test
	void aPayloadThatCannotBeReadReachesTheErrorHandler() {
		run(Unreadable.class, (context) -> {
			MessageId id = deliver("orders", "no json");
			await().untilAsserted(() -> assertThat(this.client.consumer(0).acknowledged).containsExactly(id));
			assertThat(heard.toString()).contains("Cannot read a").contains("Order");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Unreadable {

		@WeirListener(id = "orders", topics = "orders")
		void order(Order order) {
		}

		@Bean
		WeirErrorHandler weirErrorHandler() {
			return (listener, message, failure) -> {
				heard.add(failure);
				return WeirErrorHandler.Decision.discard();
			};
		}

	}

	@Test
	void listenersStartWithTheApplicationUnlessToldOtherwise() {
		this.runner.withUserConfiguration(Several.class)
			.withPropertyValues("weir.listener.auto-startup=false")
			.run((context) -> {
				assertThat(this.client.attempts).hasValue(0);
				WeirListenerContainer container = context.getBean(WeirListenerRegistry.class).getContainer("one");
				assertThat(container.getStatus().state()).isEqualTo(ListenerState.STOPPED);
				container.start();
				await().until(() -> this.client.consumers.size() == 1);
			});
	}

	@Test
	void whatRanBeforeTheContextWasStoppedRunsAgainAfterwards() {
		run(Several.class, (context) -> {
			WeirListenerRegistry registry = context.getBean(WeirListenerRegistry.class);
			registry.getContainer("two").stop();
			registry.stop();
			assertThat(registry.getContainers()).noneMatch(WeirListenerContainer::isRunning);
			registry.start();
			assertThat(registry.getContainer("one").isRunning()).isTrue();
			assertThat(registry.getContainer("two").isRunning()).isFalse();
		});
	}

	@Test
	void aBeanThatIsCreatedLateListensToo() {
		this.runner.withUserConfiguration(Late.class).run((context) -> {
			WeirListenerRegistry registry = context.getBean(WeirListenerRegistry.class);
			assertThat(registry.getContainers()).isEmpty();
			context.getBean(Several.class);
			assertThat(registry.getContainers()).hasSize(2).allMatch(WeirListenerContainer::isRunning);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Late {

		@Bean
		@Lazy
		Several several() {
			return new Several();
		}

	}

	@Test
	void listenersStopWithTheApplication() {
		run(Several.class, (context) -> {
			context.getSourceApplicationContext().close();
			assertThat(this.client.consumers).hasSize(2).allSatisfy((consumer) -> assertThat(consumer.closed).isTrue());
		});
	}

}
