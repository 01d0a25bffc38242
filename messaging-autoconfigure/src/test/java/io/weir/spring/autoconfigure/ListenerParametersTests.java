package io.weir.spring.autoconfigure;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;

import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirOperations;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.listener.WeirErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a parameter of a listener may be, and what is refused at start. */
class ListenerParametersTests extends ListenerMethodsFixture {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			Service       | parameter 1 (io.weir.spring.WeirOperations   | it is abstract
			NoConstructor | parameter 0 (                                | it has no constructor
			Variable      | parameter 0 (java.lang.String                | @DestinationVariable
			TimeAsNumber  | 'weir_publish_time' is of type java.time.Instant, which cannot be converted | Boolean
			AllInAList    | parameter 1 (java.util.List                  | all headers are a Map
			OneOfABatch   | header 'weir_key' must be a List             | java.lang.String
			ManyOfABatch  | 'weir_message_id' is of type io.weir.message.MessageId | java.lang.Integer
			BadExpression | @Payload has 'a +'                           | no SpEL expression
			Both          | parameter 0 (java.util.List                  | JSON cannot be read as java.lang.Runnable
			""")
	void parameterThatCannotBeResolvedFailsAtStartNamingItAndWhatIsAllowed(String name, String what, String why)
			throws ClassNotFoundException {
		Class<?> type = Class.forName(ListenerParametersTests.class.getName() + "$" + name);
		this.runner.withBean(type)
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains(type.getName() + ".on", what, why, "cannot be resolved", "allowed are the payload"));
	}

	static class Service {

		@WeirListener(id = "wrong", topics = "wrong")
		void on(String text, WeirOperations operations) {
		}

	}

	static class NoConstructor {

		static class Hidden {

			Hidden(String a, int b) {
			}

		}

		@WeirListener(id = "wrong", topics = "wrong")
		void on(Hidden hidden) {
		}

	}

	static class Variable {

		@WeirListener(id = "wrong", topics = "wrong")
		void on(@DestinationVariable String text) {
		}

	}

	static class TimeAsNumber {

		@WeirListener(id = "wrong", topics = "wrong")
		void on(String text, @Header(WeirHeaders.PUBLISH_TIME) Boolean published) {
		}

	}

	static class AllInAList {

		@WeirListener(id = "wrong", topics = "wrong")
		void on(String text, @org.springframework.messaging.handler.annotation.Headers List<String> headers) {
		}

	}

	static class OneOfABatch {

		@WeirListener(id = "wrong", topics = "wrong", batch = "true")
		void on(List<String> texts, @Header(WeirHeaders.KEY) String key) {
		}

	}

	static class ManyOfABatch {

		@WeirListener(id = "wrong", topics = "wrong", batch = "true")
		void on(List<String> texts, @Header(WeirHeaders.MESSAGE_ID) List<Integer> ids) {
		}

	}

	static class BadExpression {

		@WeirListener(id = "wrong", topics = "wrong")
		void on(@Payload("a +") String text) {
		}

	}

	static class Both {

		@WeirListener(id = "wrong", topics = "wrong", batch = "true")
		void on(List<Runnable> texts) {
		}

	}

	@Test
	void timesAreGivenAsTheParameterSays() {
		run(Times.class, (context) -> {
			this.client.publish("times", "hello", null,
					Headers.of(Map.of("due", "2026-03-01T10:15:30+02:00", "day", "2026-03-01")));
			awaitHeard(FakeMessage.PUBLISHED.atOffset(ZoneOffset.UTC), FakeMessage.HAPPENED,
					FakeMessage.HAPPENED.toEpochMilli(), OffsetDateTime.parse("2026-03-01T10:15:30+02:00"),
					"2026-03-01");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Times {

		@WeirListener(id = "times", topics = "times")
		void times(String text, @Header(WeirHeaders.PUBLISH_TIME) OffsetDateTime published,
				@Header(WeirHeaders.EVENT_TIME) Instant happened, @Header(WeirHeaders.EVENT_TIME) long millis,
				@Header("due") OffsetDateTime due, @Header("day") java.time.LocalDate day) {
			heard.addAll(List.of(published, happened, millis, due, day.toString()));
		}

	}

	@Test
	void headersOfABatchAreThoseOfEachMessage() {
		run(Batch.class, (context) -> {
			this.client.publish("batch", "a", "k", Headers.of(Map.of("n", "1")));
			awaitHeard(List.of("a"), List.of("k"), List.of(1), "batch");
			heard.clear();
			this.client.publish("batch", "b", null, Headers.empty());
			awaitHeard(List.of("b"), Collections.singletonList(null), Collections.singletonList(null), "batch");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Batch {

		@WeirListener(id = "batch", topics = "batch", batch = "true")
		void batch(List<String> texts, @Header(WeirHeaders.KEY) List<String> keys, @Header("n") List<Integer> numbers,
				@Header(WeirHeaders.TOPIC) String topic) {
			heard.addAll(List.of(texts, keys, numbers, topic));
		}

	}

	@Test
	void expressionOfPayloadGivesAPartOfIt() {
		run(Parts.class, (context) -> {
			deliver("parts", "{\"order\":{\"id\":\"a\",\"amount\":7},\"tags\":[\"x\",\"y\"]}");
			awaitHeard("a", 7, new Order("a", 7), List.of("x", "y"), Optional.empty());
			heard.clear();
			deliver("batches", "{\"order\":{\"id\":\"a\",\"amount\":7}}");
			awaitHeard(List.of(new Order("a", 7)));
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Parts {

		@WeirListener(id = "parts", topics = "parts")
		void parts(@Payload("order.id") String id, @Payload("order.amount") int amount, @Payload("order") Order order,
				@Payload("tags") List<String> tags,
				@Payload(expression = "order['none']", required = false) Order none) {
			heard.addAll(List.of(id, amount, order, tags, Optional.ofNullable(none)));
		}

		@WeirListener(id = "batches", topics = "batches", batch = "true")
		void batches(@Payload("order") List<Order> orders) {
			heard.add(orders);
		}

	}

	@Test
	void partOrHeaderThatIsNotThereIsAFailureOfItsMessageThatSaysWhy() {
		run(Missing.class, (context) -> {
			MessageId part = deliver("part", "{}");
			await().untilAsserted(() -> assertThat(heard).singleElement()
				.isInstanceOfSatisfying(MethodArgumentResolutionException.class,
						(failure) -> assertThat(failure).hasMessageContaining("order")));
			await().untilAsserted(() -> assertThat(this.client.consumers)
				.anySatisfy((consumer) -> assertThat(consumer.acknowledged).containsExactly(part)));
			heard.clear();
			this.client.publish("number", "text", null, Headers.of(Map.of("n", "many")));
			await().untilAsserted(() -> assertThat(heard).singleElement()
				.isInstanceOfSatisfying(MethodArgumentResolutionException.class,
						(failure) -> assertThat(failure).hasMessageContaining("many")));
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Missing {

		@WeirListener(id = "part", topics = "part")
		void part(@Payload("order.id") String id) {
		}

		@WeirListener(id = "number", topics = "number")
		void number(@Header("n") int number) {
		}

		@Bean
		WeirErrorHandler weirErrorHandler() {
			return (listener, message, failure) -> {
				heard.add(failure);
				return WeirErrorHandler.Decision.discard();
			};
		}

	}

}
