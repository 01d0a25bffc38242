package io.weir.spring.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.InputStreamSource;
import org.springframework.javapoet.ClassName;

import io.weir.spring.fake.FakeWeirClient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** An application whose beans are found when it is built. */
class AheadOfTimeTests {

	@Test
	void classesThatPropertiesNameAreKnown() {
		process((hints, sources) -> {
			for (Class<?> payload : new Class<?>[] { Order.class, Receipt.class, Payment.class }) {
				assertThat(RuntimeHintsPredicates.reflection()
					.onType(payload)
					.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).as(payload.getName())
					.accepts(hints);
			}
			assertThat(RuntimeHintsPredicates.reflection().onType(NotOurs.class)).accepts(hints);
			assertThat(RuntimeHintsPredicates.reflection().onType(Busy.class)).accepts(hints);
		});
	}

	@Test
	void beansOfPropertiesAreDefinedAsTheyWouldBeAtTheStart() {
		process((hints, sources) -> assertThat(sources)
			.contains("ResolvableType.forClassWithGenerics(Producer.class, AheadOfTimeTests.Order.class)")
			.contains("ResolvableType.forClassWithGenerics(Consumer.class, AheadOfTimeTests.Receipt.class)")
			.containsPattern("reportsWeirClient.*(?s:.*)setDefaultCandidate\\(false\\)")
			.containsPattern("addQualifier\\(.*Qualifier.*\"reports\"\\)"));
	}

	private static void process(Result result) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class))
			.withUserConfiguration(Application.class)
			.withPropertyValues("weir.producers.orders.topic=orders",
					"weir.producers.orders.type=" + Order.class.getName(), "weir.consumers.receipts.topic=receipts",
					"weir.consumers.receipts.subscription=all",
					"weir.consumers.receipts.type=" + Receipt.class.getName(),
					"weir.clients.reports.service-url=weir://reports",
					"weir.message-types.payment=" + Payment.class.getName(),
					"weir.listener.non-retryable=" + NotOurs.class.getName(),
					"weir.listeners.billing.retryable=" + Busy.class.getName())
			.prepare((context) -> {
				InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
				DefaultGenerationContext generation = new DefaultGenerationContext(
						new ClassNameGenerator(ClassName.get(AheadOfTimeTests.class)), files);
				new ApplicationContextAotGenerator()
					.processAheadOfTime((GenericApplicationContext) context.getSourceApplicationContext(), generation);
				generation.writeGeneratedContent();
				StringBuilder sources = new StringBuilder();
				for (InputStreamSource file : files.getGeneratedFiles(Kind.SOURCE).values()) {
					sources.append(new String(file.getInputStream().readAllBytes(), UTF_8));
				}
				result.accept(generation.getRuntimeHints(), sources.toString());
			});
	}

	private interface Result {

		void accept(RuntimeHints hints, String sources);

	}

	record Order(String id) {
	}

	record Receipt(int number) {
	}

	record Payment(int amount) {
	}

	static class NotOurs extends RuntimeException {

	}

	static class Busy extends RuntimeException {

	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		static FakeWeirClient client() {
			return new FakeWeirClient();
		}

	}

}
