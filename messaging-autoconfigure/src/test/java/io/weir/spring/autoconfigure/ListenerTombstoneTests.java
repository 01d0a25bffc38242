package io.weir.spring.autoconfigure;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.weir.message.DeadLetterCause;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.fake.FakeMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is special in a message, and reaches the listener as it is. */
class ListenerTombstoneTests extends ListenerMethodsFixture {

	@Configuration(proxyBeanMethods = false)
	static class Tombstones {

		@WeirListener(id = "not-required", topics = "not-required")
		void notRequired(@Payload(required = false) Order order) {
			heard.add(order == null ? "not-required: nothing" : order);
		}

		@WeirListener(id = "nullable", topics = "nullable")
		void nullable(@Nullable Order order, @Header(WeirHeaders.KEY) String key) {
			heard.add("nullable: " + order + " of " + key);
		}

		@WeirListener(id = "texts", topics = "texts")
		void text(@Nullable String text) {
			heard.add("text: " + text);
		}

		@WeirListener(id = "batch", topics = "batch", batch = "true")
		void batch(List<@Nullable Order> orders) {
			heard.addAll(orders.stream().map((order) -> "batch: " + order).toList());
		}

		@WeirListener(id = "plain", topics = "plain")
		void plain(Order order) {
			heard.add(order);
		}

	}

	@Test
	void messageWithoutAPayloadIsNullForAParameterThatMayBeThat() {
		run(Tombstones.class, (context) -> {
			for (String topic : List.of("not-required", "nullable", "texts", "batch")) {
				this.client.publish(topic, "", "k", Headers.empty());
			}
			awaitHeard("not-required: nothing", "nullable: null of k", "text: null", "batch: null");
		});
	}

	@Test
	void messageWithoutAKeyIsWhatTheSchemaMakesOfNoBytes() {
		run(Tombstones.class, (context) -> {
			this.client.publish("texts", "", null, Headers.empty());
			awaitHeard("text: ");
		});
	}

	@Test
	void messageWithoutAPayloadIsAFailureForAParameterThatMustNotBeNull() {
		run(Tombstones.class, (context) -> {
			this.client.publish("plain", "", "k", Headers.empty());
			await().untilAsserted(() -> assertThat(consumer("plain").givenUp).containsKey(FakeMessage.id(0)));
			assertThat(consumer("plain").givenUp.get(FakeMessage.id(0))).hasMessageContainingAll("no payload",
					"must not be null", "@Nullable", "nullable type of Kotlin");
			assertThat(heard).isEmpty();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Springs {

		@WeirListener(id = "springs", topics = "springs")
		void springs(@Header("id") String id, @Header("timestamp") String timestamp,
				@org.springframework.messaging.handler.annotation.Headers Map<String, Object> all) {
			heard.add(id + " " + timestamp + " " + all.get("id") + " " + all.get("timestamp"));
		}

		@WeirListener(id = "message", topics = "message")
		void message(org.springframework.messaging.Message<String> message) {
			heard.add(message.getHeaders().get("id") + " " + message.getHeaders().get("timestamp"));
		}

	}

	@Test
	void headersCalledIdAndTimestampReachTheListener() {
		run(Springs.class, (context) -> {
			Headers headers = Headers.of(Map.of("id", "7", "timestamp", "yesterday"));
			this.client.publish("springs", "a", "k", headers);
			this.client.publish("message", "a", "k", headers);
			awaitHeard("7 yesterday 7 yesterday", "7 yesterday");
		});
	}

	@Test
	void everyHeaderThatTheBrokerAddsIsDocumented() {
		assertThat(constants(WeirHeaders.class)).containsAll(constants(DeadLetterOrigin.class))
			.containsAll(constants(DeadLetterCause.class));
	}

	private static List<String> constants(Class<?> type) {
		List<String> names = new ArrayList<>();
		Stream<Field> fields = Arrays.stream(type.getDeclaredFields())
			.filter((field) -> Modifier.isPublic(field.getModifiers()) && field.getType() == String.class);
		fields.forEach((field) -> {
			try {
				names.add((String) field.get(null));
			}
			catch (IllegalAccessException ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(names).isNotEmpty();
		return names;
	}

	@Configuration(proxyBeanMethods = false)
	static class Threads {

		@WeirListener(id = "thread", topics = "threads", keyConcurrency = "${keys:1}")
		void thread(String text) throws ReflectiveOperationException {
			heard.add("virtual: " + Thread.class.getMethod("isVirtual").invoke(Thread.currentThread()));
		}

	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void listenersRunOnVirtualThreadsIfTheApplicationSaysSo() {
		for (int keys : List.of(1, 2)) {
			this.runner.withUserConfiguration(Threads.class)
				.withPropertyValues("spring.threads.virtual.enabled=true", "keys=" + keys)
				.run((context) -> {
					awaitSubscribed(context);
					deliver("threads", "a");
					awaitHeard("virtual: true");
				});
		}
	}

}
