package io.weir.spring.cloud.stream;

import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.ErrorMessage;

import io.weir.spring.WeirHeaders;
import io.weir.test.WeirTestBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Functions of an application, bound to a broker. */
@SuppressWarnings("try") // an application is there to run
class WeirBinderTests {

	private final WeirTestBroker broker = WeirTestBroker.start();

	@AfterEach
	void closeBroker() {
		this.broker.close();
	}

	private ConfigurableApplicationContext run(String... properties) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("weir.client.service-url=" + this.broker.serviceUrl(), "spring.main.banner-mode=off")
			.properties(properties)
			.run();
	}

	@Test
	void functionTakesMessagesOfOneTopicAndPublishesToAnotherWithKeyAndHeaders() {
		try (var application = run("spring.cloud.function.definition=upper",
				"spring.cloud.stream.bindings.upper-in-0.destination=words",
				"spring.cloud.stream.bindings.upper-in-0.group=shouting",
				"spring.cloud.stream.bindings.upper-out-0.destination=shouts",
				"spring.cloud.stream.weir.bindings.upper-out-0.producer.message-key-expression=headers['speaker']")) {
			this.broker.publish("words", "hello", (message) -> message.key("k").header("speaker", "ann"));
			await().until(() -> !this.broker.messages("shouts").isEmpty());
			assertThat(this.broker.messages("shouts")).singleElement().satisfies((message) -> {
				assertThat(message.value()).isEqualTo("HELLO of k");
				assertThat(message.key()).isEqualTo("ann");
				assertThat(message.headers().asMap()).containsEntry("speaker", "ann");
			});
		}
	}

	@Test
	void messageThatAlwaysFailsIsTriedInPlaceThenToldAndThenADeadLetter() {
		try (var application = run("spring.cloud.function.definition=failing;errors",
				"spring.cloud.stream.bindings.failing-in-0.destination=orders",
				"spring.cloud.stream.bindings.failing-in-0.group=billing",
				"spring.cloud.stream.bindings.failing-in-0.consumer.max-attempts=3",
				"spring.cloud.stream.bindings.failing-in-0.consumer.back-off-initial-interval=1",
				"spring.cloud.stream.bindings.failing-in-0.error-handler-definition=errors",
				"spring.cloud.stream.weir.bindings.failing-in-0.consumer.dead-letter=true",
				"spring.cloud.stream.weir.bindings.failing-in-0.consumer.max-redeliveries=0")) {
			this.broker.publish("orders", "o-1");
			await().until(() -> !this.broker.messages("orders.billing.dead").isEmpty());
			Application beans = application.getBean(Application.class);
			assertThat(beans.attempts).hasValue(3);
			assertThat(beans.told).singleElement()
				.satisfies((told) -> assertThat(told.getPayload()).hasRootCauseMessage("on purpose"));
			assertThat(this.broker.messages("orders.billing.dead")).singleElement().satisfies((dead) -> {
				assertThat(dead.value()).isEqualTo("o-1");
				assertThat(dead.headers().asMap()).containsEntry(WeirHeaders.ORIGIN_TOPIC, "orders")
					.containsEntry(WeirHeaders.ORIGIN_ERROR, "java.lang.IllegalStateException: on purpose");
			});
		}
	}

	@Test
	void subscriptionWithoutAGroupEndsWithItsBinding() {
		try (var application = run("spring.cloud.function.definition=sink",
				"spring.cloud.stream.bindings.sink-in-0.destination=news")) {
			this.broker.publish("news", "one");
			await().until(() -> application.getBean(Application.class).received.contains("one"));
			assertThat(subscriptions("news")).isOne();
			application.getBean(BindingsLifecycleController.class).stop("sink-in-0");
		}
		await().until(() -> subscriptions("news") == 0);
	}

	private int subscriptions(String topic) {
		return this.broker.broker().topic(topic).map((stats) -> stats.subscriptions().size()).orElse(0);
	}

	@Test
	void pausedBindingTakesNothingUntilItIsResumed() {
		try (var application = run("spring.cloud.function.definition=sink",
				"spring.cloud.stream.bindings.sink-in-0.destination=news",
				"spring.cloud.stream.bindings.sink-in-0.group=readers")) {
			BindingsLifecycleController bindings = application.getBean(BindingsLifecycleController.class);
			Queue<String> received = application.getBean(Application.class).received;
			bindings.pause("sink-in-0");
			this.broker.publish("news", "one");
			await().during(Duration.ofMillis(200)).until(received::isEmpty);
			bindings.resume("sink-in-0");
			await().until(() -> received.contains("one"));
		}
	}

	@Test
	void bridgePublishesToTopicsThatNobodyHasBound() {
		try (var application = run()) {
			assertThat(application.getBean(StreamBridge.class).send("ad.hoc", "hello")).isTrue();
			assertThat(this.broker.messages("ad.hoc")).singleElement()
				.satisfies((message) -> assertThat(message.value()).isEqualTo("hello"));
		}
	}

	@Test
	void bindersWithEnvironmentsOfTheirOwnTalkToBrokersOfTheirOwn() {
		try (WeirTestBroker other = WeirTestBroker.start();
				var application = run("spring.cloud.function.definition=upper",
						"spring.cloud.stream.default-binder=here", "spring.cloud.stream.binders.here.type=weir",
						"spring.cloud.stream.binders.there.type=weir",
						"spring.cloud.stream.binders.there.environment.weir.client.service-url=" + other.serviceUrl(),
						"spring.cloud.stream.bindings.upper-in-0.destination=words",
						"spring.cloud.stream.bindings.upper-in-0.group=shouting",
						"spring.cloud.stream.bindings.upper-out-0.destination=shouts",
						"spring.cloud.stream.bindings.upper-out-0.binder=there")) {
			this.broker.publish("words", "hello", (message) -> message.key("k"));
			await().until(() -> !other.messages("shouts").isEmpty());
			assertThat(other.messages("shouts")).singleElement()
				.satisfies((message) -> assertThat(message.value()).isEqualTo("HELLO of k"));
			assertThat(this.broker.messages("shouts")).isEmpty();
		}
	}

	@Test
	void batchModeIsRefusedSayingWhatToUse() {
		assertThatThrownBy(
				() -> run("spring.cloud.function.definition=sink", "spring.cloud.stream.binding-retry-interval=0",
						"spring.cloud.stream.bindings.sink-in-0.destination=news",
						"spring.cloud.stream.bindings.sink-in-0.consumer.batch-mode=true"))
			.hasStackTraceContaining(
					"'news' has batch-mode, which Weir's binder does not support; a @WeirListener takes");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final AtomicInteger attempts = new AtomicInteger();

		private final Queue<ErrorMessage> told = new ConcurrentLinkedQueue<>();

		private final Queue<String> received = new ConcurrentLinkedQueue<>();

		@Bean
		Function<Message<String>, String> upper() {
			return (message) -> message.getPayload().toUpperCase(Locale.ROOT) + " of "
					+ message.getHeaders().get(WeirHeaders.KEY);
		}

		@Bean
		Consumer<String> sink() {
			return this.received::add;
		}

		@Bean
		Consumer<String> failing() {
			return (order) -> {
				this.attempts.incrementAndGet();
				throw new IllegalStateException("on purpose");
			};
		}

		@Bean
		Consumer<ErrorMessage> errors() {
			return this.told::add;
		}

	}

}
