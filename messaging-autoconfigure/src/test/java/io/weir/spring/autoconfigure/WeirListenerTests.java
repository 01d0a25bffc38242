package io.weir.spring.autoconfigure;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.fake.FakeConsumer;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WeirListenerTests {

	private static final Queue<Object> heard = new ConcurrentLinkedQueue<>();

	private final FakeWeirClient client = new FakeWeirClient();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withBean(FakeWeirClient.class, () -> this.client)
		.withInitializer((context) -> heard.clear());

	record Order(String id, int amount) {
	}

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
			String[] ofOne = { "own", WeirHeaders.KEY, WeirHeaders.TOPIC, WeirHeaders.MESSAGE_ID,
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
	void everyAttributeMayHoldPlaceholders() {
		this.runner.withUserConfiguration(Placeholders.class)
			.withPropertyValues("my.id=billing", "my.topics=orders, returns", "my.subscription=audit", "my.type=shared",
					"my.position=earliest", "my.mode=manual", "my.batch=true", "my.concurrency=2", "my.size=5",
					"my.start=true", "my.handler=discard")
			.run((context) -> {
				awaitSubscribed(context);
				assertThat(this.client.consumers).hasSize(4)
					.allSatisfy((consumer) -> assertThat(consumer.settings).containsEntry("subscription", "audit")
						.containsEntry("subscriptionType", SubscriptionType.SHARED)
						.containsEntry("initialPosition", InitialPosition.EARLIEST)
						.containsEntry("receiverQueueSize", 5))
					.extracting(FakeConsumer::topic)
					.containsOnly("orders", "returns");
				MessageId id = deliver("orders", "a");
				awaitHeard(List.of("a"));
				FakeConsumer<Object> consumer = this.client.consumers.stream()
					.filter((each) -> each.acknowledged.contains(id))
					.findFirst()
					.orElseThrow();
				assertThat(consumer.acknowledged).containsExactly(id);
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Placeholders {

		@WeirListener(id = "${my.id}", topics = "${my.topics}", subscription = "${my.subscription}",
				subscriptionType = "${my.type}", initialPosition = "${my.position}", ackMode = "${my.mode}",
				batch = "${my.batch}", concurrency = "#{${my.concurrency}}", autoStartup = "${my.start}",
				errorHandler = "${my.handler}", containerFactory = "${my.factory:weirListenerContainerFactory}",
				properties = "receiver-queue-size=${my.size}")
		void batch(List<String> values, Acknowledgement acknowledgement) {
			acknowledgement.acknowledge();
			heard.add(values);
		}

		@Bean
		WeirErrorHandler discard() {
			return (listener, message, failure) -> WeirErrorHandler.Decision.discard();
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

	@ParameterizedTest
	@CsvSource({ "wrong.handler, errorHandler 'absent', of which there are [handler]",
			"wrong.handler, errorHandler 'weirListenerRegistry', WeirErrorHandler",
			"wrong.factory, containerFactory 'handler', of which there are [weirListenerContainerFactory]",
			"wrong.mode, ackMode 'sometimes', RECORD", "wrong.count, concurrency 'many', whole number",
			"wrong.start, autoStartup 'perhaps', true or false", "wrong.topic, topic 'a b', letters",
			"wrong.subscription, subscription 'a b', letters",
			"wrong.property, property 'receiver-queue=1', receiver-queue-size" })
	void wrongAttributesFailNamingThemAndWhatIsAllowed(String property, String named, String allowed) {
		String value = named.substring(named.indexOf('\'') + 1, named.length() - 1);
		this.runner.withUserConfiguration(Wrong.class)
			.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("listenHere")
				.hasMessageContaining(named)
				.hasMessageContaining(allowed)
				.satisfies((failure) -> assertThat(FailureAnalyses.of(failure).getDescription())
					.startsWith("Method " + Wrong.class.getName() + ".listenHere of bean '")
					.contains(named, allowed)));
	}

	@Test
	void aPlaceholderOrExpressionThatCannotBeResolvedIsAnalysed() {
		for (String id : List.of("${no.such.property}", "#{1 +}", "#{@absent}")) {
			this.runner.withUserConfiguration(Wrong.class)
				.withPropertyValues("wrong.topic=" + id)
				.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
					.contains("listenHere"));
		}
	}

	@Test
	void manualAcknowledgementNeedsAWayToAcknowledge() {
		this.runner.withUserConfiguration(Several.class)
			.withPropertyValues("weir.listener.ack-mode=manual")
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("Several.text", "MANUAL", "Acknowledgement"));
		this.runner.withUserConfiguration(Manual.class)
			.withPropertyValues("weir.listener.ack-mode=manual")
			.run((context) -> {
				awaitSubscribed(context);
				for (String topic : List.of("argument", "headers", "message", "messages")) {
					MessageId id = deliver(topic, "a");
					await().untilAsserted(() -> assertThat(this.client.consumers)
						.anySatisfy((consumer) -> assertThat(consumer.acknowledged).containsExactly(id)));
				}
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Manual {

		@WeirListener(id = "argument", topics = "argument")
		void argument(String text, Acknowledgement acknowledgement) {
			acknowledgement.acknowledge();
		}

		@WeirListener(id = "headers", topics = "headers")
		void headers(String text,
				@org.springframework.messaging.handler.annotation.Headers Map<String, Object> headers) {
			acknowledge(headers);
		}

		@WeirListener(id = "message", topics = "message")
		void message(org.springframework.messaging.Message<String> message) {
			acknowledge(message.getHeaders());
		}

		@WeirListener(id = "messages", topics = "messages", batch = "true")
		void messages(List<org.springframework.messaging.Message<String>> messages) {
			messages.forEach((message) -> acknowledge(message.getHeaders()));
		}

		private static void acknowledge(Map<String, Object> headers) {
			((Acknowledgement) headers.get(WeirHeaders.ACKNOWLEDGEMENT)).acknowledge();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Wrong {

		@WeirListener(id = "wrong", topics = "${wrong.topic:orders}", subscription = "${wrong.subscription:}",
				errorHandler = "${wrong.handler:}", containerFactory = "${wrong.factory:}", ackMode = "${wrong.mode:}",
				concurrency = "${wrong.count:}", autoStartup = "${wrong.start:}",
				properties = "${wrong.property:receiver-queue-size=1}")
		void listenHere(String text) {
		}

		@Bean
		WeirErrorHandler handler() {
			return (listener, message, failure) -> WeirErrorHandler.Decision.discard();
		}

	}

	@Test
	void idsAreUnique() {
		this.runner.withUserConfiguration(Twice.class)
			.run((context) -> assertThat(context).hasFailed().getFailure().hasMessageContaining("the id 'same'"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Twice {

		@WeirListener(id = "same", topics = "a")
		@WeirListener(id = "same", topics = "b")
		void text(String text) {
		}

	}

	@Test
	void aListenerNeedsASubscription() {
		this.runner.withUserConfiguration(Anonymous.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("needs a subscription"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Anonymous {

		@WeirListener(topics = "a")
		void text(String text) {
		}

	}

	private void run(Class<?> configuration, Consumer<AssertableApplicationContext> test) {
		this.runner.withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			awaitSubscribed(context);
			test.accept(context);
		});
	}

	private void awaitSubscribed(AssertableApplicationContext context) {
		await().until(() -> context.getBean(WeirListenerRegistry.class)
			.getContainers()
			.stream()
			.allMatch((container) -> container.getStatus().state() == ListenerState.RUNNING));
	}

	private MessageId deliver(String topic, String payload) {
		return this.client.publish(topic, payload);
	}

	private static void awaitHeard(Object... expected) {
		await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder(expected));
	}

}
