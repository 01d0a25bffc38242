package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
import io.weir.spring.listener.WeirErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What {@code @WeirListener} says, and what is told of it when that is wrong. */
class ListenerAttributesTests extends ListenerMethodsFixture {

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
		this.runner.withUserConfiguration(WeirListenerTests.Several.class)
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

}
