package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;

import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.WeirHandler;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.listener.WeirErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Classes with {@code @WeirListener} and methods with {@code @WeirHandler}. */
class HandlerMethodsTests extends ListenerMethodsFixture {

	record Cancellation(String reason) {
	}

	private MessageId deliver(String topic, String type, String payload) {
		return this.client.publish(topic, payload, null, Headers.of(Map.of(WeirHeaders.TYPE, type)));
	}

	@Test
	void eachMessageIsHandedToTheMethodForItsTypeAndAllOthersToTheDefault() {
		run(Handling.class, (context) -> {
			deliver("handled", "Order", "{\"id\":\"a\",\"amount\":1}");
			deliver("handled", "Cancellation", "{\"reason\":\"late\"}");
			deliver("handled", "Unheard", "x");
			deliver("handled", "untyped");
			awaitHeard(new Order("a", 1), new Cancellation("late"), "Unheard: x", "null: untyped");
			await().untilAsserted(() -> assertThat(consumer("handled").acknowledged).hasSize(4));
			assertThat(this.client.producers).singleElement()
				.satisfies((producer) -> assertThat(producer.payloads()).containsExactly("cancelled"));
		});
	}

	@Configuration(proxyBeanMethods = false)
	@WeirListener(id = "handled", topics = "handled")
	static class Handling {

		@WeirHandler
		void on(Order order) {
			heard.add(order);
		}

		@WeirHandler
		@SendTo("out")
		String on(Message<Cancellation> cancellation) {
			heard.add(cancellation.value());
			return "cancelled";
		}

		@WeirHandler(isDefault = true)
		void other(String text, @Header(name = WeirHeaders.TYPE, required = false) String type) {
			heard.add(type + ": " + text);
		}

	}

	@Test
	void messageThatNoMethodIsForIsAFailureThatNamesTheTypesThereAre() {
		run(Choosy.class, (context) -> {
			for (MessageId id : List.of(deliver("choosy", "Unheard", "x"), deliver("choosy", "untyped"))) {
				await().untilAsserted(() -> assertThat(consumer("choosy").acknowledged).contains(id));
			}
			assertThat(heard).hasSize(2).allSatisfy((failure) -> assertThat(failure).asString().contains("[Order]"));
			assertThat(heard.poll()).asString().contains("'Unheard'");
			assertThat(heard.poll()).asString().contains("does not say its type");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@WeirListener(id = "choosy", topics = "choosy")
	static class Choosy {

		@WeirHandler
		void on(Order order) {
			heard.add(order);
		}

		@Bean
		WeirErrorHandler weirErrorHandler() {
			return (listener, message, failure) -> {
				heard.add(failure);
				return WeirErrorHandler.Decision.discard();
			};
		}

	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			None    | no method of the class has @WeirHandler
			Same    | take messages of type 'Order'
			Two     | two methods are the default
			Untyped | method on does not say which type it is for
			Batch   | a batch may have messages of several types
			Alone   | its class has none
			Wrong   | method on: parameter 1
			""")
	void handlersThatCannotWorkAreRefusedAtStart(String name, String why) throws ClassNotFoundException {
		Class<?> type = Class.forName(HandlerMethodsTests.class.getName() + "$" + name);
		this.runner.withBean(type)
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains(type.getName(), why));
	}

	@WeirListener(id = "wrong", topics = "wrong")
	static class None {

	}

	@WeirListener(id = "wrong", topics = "wrong")
	static class Same {

		@WeirHandler
		void on(Order order) {
		}

		@WeirHandler
		void also(Message<Order> order) {
		}

	}

	@WeirListener(id = "wrong", topics = "wrong")
	static class Two {

		@WeirHandler(isDefault = true)
		void on(String order) {
		}

		@WeirHandler(isDefault = true)
		void also(byte[] order) {
		}

	}

	@WeirListener(id = "wrong", topics = "wrong")
	static class Untyped {

		@WeirHandler
		void on(String order) {
		}

	}

	@WeirListener(id = "wrong", topics = "wrong", batch = "true")
	static class Batch {

		@WeirHandler
		void on(List<Order> order) {
		}

	}

	static class Alone {

		@WeirHandler
		void on(Order order) {
		}

	}

	@WeirListener(id = "wrong", topics = "wrong")
	static class Wrong {

		@WeirHandler
		void on(Order order, Runnable service) {
		}

	}

}
