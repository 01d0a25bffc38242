package io.weir.spring;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.google.protobuf.Timestamp;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;
import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.message.Schema;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Values of Protobuf and Avro go from the template to listeners and consumers. */
class SchemaEndToEndTests {

	private static final Timestamp TIME = Timestamp.newBuilder().setSeconds(7).build();

	private static final String OTHER = "protobuf:acme.Other";

	@Test
	void listenersAndConsumersAreGivenWhatWasSentAndRefuseWhatAnotherSchemaHasWritten() {
		try (Broker broker = Broker.builder().port(0).build().start();
				AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(Broker.class, () -> broker, (definition) -> definition.setDestroyMethodName(""));
			context.register(Messaging.class);
			context.refresh();
			Messaging messaging = context.getBean(Messaging.class);
			WeirTemplate template = context.getBean(WeirTemplate.class);
			template.send("times", TIME);
			template.send("readings", new Reading("cellar", 12));
			await().untilAsserted(() -> assertThat(messaging.heard)
				.containsExactlyInAnyOrderElementsOf(List.of(TIME, new Reading("cellar", 12))));
			Consumer<Timestamp> consumer = context.getBean(WeirConsumerFactory.class)
				.createConsumer("times", "audit", context.getBean(WeirSchemas.class).of(Timestamp.class));
			await().until(consumer::isConnected);
			try (Producer<byte[]> other = context.getBean(WeirClient.class)
				.producer(Schema.bytes())
				.topic("times")
				.create()) {
				other.message(TIME.toByteArray()).header(WeirHeaders.SCHEMA, OTHER).send();
			}
			String own = "protobuf:google.protobuf.Timestamp";
			await().untilAsserted(() -> assertThat(messaging.failures).singleElement().asString().contains(OTHER, own));
			assertThatExceptionOfType(WeirException.class)
				.isThrownBy(() -> consumer.receive(Duration.ofMinutes(1)).value())
				.withMessageContainingAll(OTHER, own)
				.satisfies((failure) -> assertThat(failure.code()).isEqualTo(ErrorCode.SCHEMA));
		}
	}

	@Configuration
	@EnableWeir
	static class Messaging {

		final Queue<Object> heard = new ConcurrentLinkedQueue<>();

		final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

		@Bean
		WeirClient client(Broker broker) {
			return WeirClient.builder()
				.serviceUrl(broker.serviceUrl())
				.fingerprint(broker.certificateFingerprint())
				.build();
		}

		@Bean
		WeirErrorHandler weirErrorHandler() {
			return (listener, message, failure) -> {
				this.failures.add(failure);
				return WeirErrorHandler.Decision.discard();
			};
		}

		@WeirListener(topics = "times", subscription = "billing", initialPosition = "earliest")
		void time(Timestamp time) {
			this.heard.add(time);
		}

		@WeirListener(topics = "readings", subscription = "billing", initialPosition = "earliest")
		void reading(Reading reading) {
			this.heard.add(reading);
		}

	}

}
