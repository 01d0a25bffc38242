package io.weir.spring;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

import com.google.protobuf.Timestamp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.ReflectionHintsPredicates;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ReflectiveScan;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;

import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.spring.fake.FakeWeirClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application says of itself when it is built, so that it can be a native image.
 */
class ListenerHintsTests {

	private static final ReflectionHintsPredicates REFLECTION = RuntimeHintsPredicates.reflection();

	private static RuntimeHints hints;

	@BeforeAll
	static void process() {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("io.weir.spring", "Application")), new InMemoryGeneratedFiles());
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(Application.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		generation.writeGeneratedContent();
		hints = generation.getRuntimeHints();
	}

	@ParameterizedTest
	@ValueSource(strings = { "one", "batch", "twice", "read", "handle" })
	void listenerMethodsMayBeCalled(String method) {
		assertThat(REFLECTION.onMethodInvocation(Listeners.class, method)).accepts(hints);
	}

	@ParameterizedTest
	@ValueSource(classes = { Order.class, Line.class, Position.class, Cancellation.class, Refund.class, Bill.class,
			Produced.class, Consumed.class, Marked.class, Stocked.class })
	void payloadsMayBeReadAndWritten(Class<?> type) {
		assertThat(payload(type)).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(type, type.getRecordComponents()[0].getName())).accepts(hints);
	}

	@Test
	void whatTheBeansTypeSaysOfAVariableIsAPayload() {
		assertThat(REFLECTION.onMethodInvocation(Base.class, "on")).accepts(hints);
		assertThat(payload(Concrete.class)).accepts(hints);
	}

	@Test
	void payloadsOfProtobufAndAvroAreReadAndWrittenInTheirOwnWays() {
		assertThat(REFLECTION.onMethodInvocation(Timestamp.class, "getDefaultInstance")).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(Timestamp.class, "getSeconds")).accepts(hints);
		assertThat(REFLECTION.onMethodInvocation(Timestamp.Builder.class, "setSeconds")).accepts(hints);
		assertThat(REFLECTION.onFieldAccess(Reading.class, "SCHEMA$")).accepts(hints);
		assertThat(payload(Reading.class)).accepts(hints);
	}

	@Test
	void nothingElseIsAnnounced() {
		for (Class<?> type : List.of(Tenant.class, Message.class, Acknowledgement.class, NotMarked.class)) {
			assertThat(payload(type)).as(type.getName()).rejects(hints);
		}
	}

	private static Predicate<RuntimeHints> payload(Class<?> type) {
		return REFLECTION.onType(type).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
	}

	record Order(String id, List<Line> lines) {
	}

	record Line(Position[] positions) {
	}

	record Position(int number) {
	}

	record Cancellation(String id) {
	}

	record Refund(int amount) {
	}

	record Bill(int amount) {
	}

	record Produced(int number) {
	}

	record Consumed(int number) {
	}

	record Stocked(int number) {
	}

	record Concrete(int number) {
	}

	@WeirMessage(topic = "marked")
	record Marked(int number) {
	}

	record NotMarked(int number) {
	}

	record Tenant(String name) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWeir
	@ReflectiveScan
	static class Application {

		@Bean
		static WeirClient client() {
			return new FakeWeirClient();
		}

		@Bean
		static Listeners listeners() {
			return new Listeners();
		}

		@Bean
		static Base<Concrete> generic() {
			return new Base<>();
		}

		@Bean
		static Producer<Produced> producer(WeirClient client, WeirSchemas schemas) {
			return client.producer(schemas.<Produced>of(Produced.class)).topic("produced").create();
		}

		@Bean
		static Consumer<Consumed> consumer(WeirClient client, WeirSchemas schemas) {
			Schema<Consumed> schema = schemas.of(Consumed.class);
			return client.consumer(schema).topic("consumed").subscription("all").subscribe();
		}

	}

	@WeirListener(id = "handlers", topics = "refunds")
	static class Listeners {

		@WeirListener(id = "one", topics = "orders")
		@SendTo("bills")
		CompletionStage<Bill> one(Order order, @Header("tenant") Tenant tenant, Acknowledgement acknowledgement) {
			throw new UnsupportedOperationException();
		}

		@WeirListener(id = "batch", topics = "cancellations", batch = "true")
		void batch(List<Message<Cancellation>> cancellations) {
		}

		@WeirListener(id = "times", topics = "times")
		@WeirListener(id = "timestamps", topics = "timestamps")
		void twice(Timestamp time) {
		}

		@WeirReader(id = "read", topics = "stock", startAt = "earliest")
		void read(Stocked stocked) {
		}

		@WeirHandler
		void handle(Refund refund) {
		}

		@WeirHandler
		void reading(Reading reading) {
		}

	}

	static class Base<T> {

		@WeirListener(id = "generic", topics = "generic")
		void on(T payload) {
		}

	}

}
