package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.type.AnnotationMetadata;

import io.weir.client.ConnectionListener;
import io.weir.client.Ordering;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.client.WhenFull;
import io.weir.message.Compression;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.ProducerCustomizer;
import io.weir.spring.WeirOperations;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.fake.FakeProducer;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.wire.ErrorCode;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

class WeirAutoConfigurationTests extends AutoConfigurationFixture {

	@Test
	void theBeansOfTheContractAreThere() {
		this.fake.run((context) -> assertThat(context).hasSingleBean(WeirClient.class)
			.hasSingleBean(WeirTemplate.class)
			.hasSingleBean(WeirListenerContainerFactory.class)
			.hasSingleBean(WeirListenerRegistry.class)
			.hasSingleBean(WeirConnectionDetails.class));
	}

	@Test
	void nothingIsThereWithoutTheClient() {
		this.runner.withClassLoader(new FilteredClassLoader(WeirClient.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WeirConnectionDetails.class));
	}

	/** As an application would, by the names in the imports file. */
	@Test
	void needsNeitherActuatorNorMetricsNorTheBroker() {
		new ApplicationContextRunner().withUserConfiguration(EverythingOfWeir.class)
			.withBean(FakeWeirClient.class, () -> this.client)
			.withClassLoader(
					new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health",
							"io.micrometer.core", "org.springframework.boot.micrometer", "io.weir.broker"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(WeirTemplate.class)
				.doesNotHaveBean("weirHealthContributor")
				.doesNotHaveBean("weirPoolsEndpoint")
				.doesNotHaveBean("weirClientMeters"));
	}

	@Test
	void healthEndpointsAndMetersAreThereWithActuator() {
		new ApplicationContextRunner().withUserConfiguration(Everything.class)
			.withPropertyValues("management.endpoints.web.exposure.include=*")
			.withBean(FakeWeirClient.class, () -> this.client)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("weirHealthContributor")
				.hasBean("weirPoolsEndpoint")
				.hasBean("weirListenersEndpoint")
				.hasBean("weirClientMeters"));
	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	static class Everything {

	}

	@Import(OnlyWeir.class)
	@Configuration(proxyBeanMethods = false)
	static class EverythingOfWeir {

	}

	/** Boot's own selection by conditions on classes, which read no class. */
	static class OnlyWeir extends AutoConfigurationImportSelector {

		@Override
		protected AnnotationAttributes getAttributes(AnnotationMetadata metadata) {
			return new AnnotationAttributes(Map.of("exclude", new String[0], "excludeName", new String[0]));
		}

		@Override
		protected List<String> getCandidateConfigurations(AnnotationMetadata metadata,
				@Nullable AnnotationAttributes attributes) {
			return super.getCandidateConfigurations(metadata, attributes).stream()
				.filter((name) -> name.startsWith("io.weir."))
				.toList();
		}

	}

	@Test
	void theTemplatePublishesEachTypeAsWhatItIsThroughOneProducer() {
		this.fake
			.withPropertyValues("weir.producer.max-pending=7", "weir.producer.batch.max-bytes=1KB",
					"weir.producer.ordering=unordered", "weir.producer.max-pending-bytes=2KB",
					"weir.producer.when-full=wait", "weir.producer.compression=lz4", "weir.producer.lanes=3")
			.run((context) -> {
				WeirOperations template = context.getBean(WeirOperations.class);
				template.send("orders", new Invoice("a"));
				template.sendAsync("orders", "text").join();
				template.message("orders", "bytes".getBytes()).key("k").send();
				FakeProducer<Object> producer = this.client.producers.get(0);
				assertThat(this.client.producers).hasSize(1);
				assertThat(producer.payloads()).containsExactly("{\"orderId\":\"a\"}", "text", "bytes");
				assertThat(producer.sent.get(2).key()).isEqualTo("k");
				assertThat(producer.settings).containsEntry("maxPending", 7)
					.containsEntry("batchMaxBytes", 1024)
					.containsEntry("maxPendingBytes", 2048L)
					.containsEntry("whenFull", WhenFull.WAIT)
					.containsEntry("lanes", 3)
					.containsEntry("compression", Compression.LZ4)
					.containsEntry("ordering", Ordering.UNORDERED);
				context.getSourceApplicationContext().close();
				assertThat(producer.closed).isTrue();
				assertThat(this.client.closed).isTrue();
			});
	}

	@Test
	void jsonIsWrittenByTheApplicationsMapper() {
		this.fake
			.withBean(JsonMapper.class,
					() -> JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build())
			.run((context) -> {
				context.getBean(WeirTemplate.class).send("orders", new Invoice("a"));
				assertThat(this.client.producers.get(0).payloads()).containsExactly("{\"order_id\":\"a\"}");
			});
	}

	@Test
	void startsWithoutABroker() {
		this.client.broker = new CompletableFuture<>();
		this.fake
			.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String",
					"weir.consumers.audit.topic=orders", "weir.consumers.audit.subscription=audit",
					"weir.consumers.audit.type=java.lang.String")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void doesNotStartWithoutABrokerWhenToldSo() {
		this.client.broker = CompletableFuture
			.failedFuture(new WeirException(ErrorCode.UNREACHABLE, "nobody at weir://localhost:7750"));
		this.fake.withPropertyValues("weir.client.startup-failure-policy=fail").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(FailureAnalyses.of(context.getStartupFailure())).satisfies((analysis) -> {
				assertThat(analysis.getDescription()).contains("nobody at weir://localhost:7750");
				assertThat(analysis.getAction()).contains("UDP").contains("weir.client.service-url");
			});
		});
	}

	@Test
	void startsWithABrokerWhenToldSo() {
		this.fake.withPropertyValues("weir.client.startup-failure-policy=fail")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void callbacksRunOnTheExecutorBeanThatAPropertyNames() {
		CompletableFuture<String> told = new CompletableFuture<>();
		this.runner.withBean("other", SimpleAsyncTaskExecutor.class, () -> new SimpleAsyncTaskExecutor("other-"))
			.withBean("mine", SimpleAsyncTaskExecutor.class, () -> new SimpleAsyncTaskExecutor("mine-"))
			.withBean(ConnectionListener.class, () -> (connection) -> told.complete(Thread.currentThread().getName()))
			.withPropertyValues("weir.client.callback-executor=mine", "weir.client.service-url=weir://127.0.0.1:9")
			.run((context) -> assertThat(told.get(10, TimeUnit.SECONDS)).startsWith("mine-"));
	}

	@Test
	void executorThatIsNotThereFailsTheStartAndSaysWhichAre() {
		this.runner.withBean("mine", SimpleAsyncTaskExecutor.class, () -> new SimpleAsyncTaskExecutor("mine-"))
			.withPropertyValues("weir.client.callback-executor=yours")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
					.contains("weir.client.callback-executor", "yours", "there are [mine]");
			});
	}

	@Test
	void customizersAreAppliedInOrder() {
		this.fake.withUserConfiguration(Customized.class).run((context) -> {
			context.getBean(WeirTemplate.class).send("orders", "a");
			assertThat(this.client.producers.get(0).settings).containsEntry("lanes", 2)
				.containsEntry("name", "for orders");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		@Order(2)
		ProducerCustomizer second() {
			return (topic, builder) -> builder.lanes(2);
		}

		@Bean
		@Order(1)
		ProducerCustomizer first() {
			return (topic, builder) -> builder.lanes(1).name("for " + topic);
		}

		@Bean
		ConsumerCustomizer consumers() {
			return (topic, builder) -> builder.name("for " + topic);
		}

	}

	@Test
	void connectionDetailsTakeThePlaceOfProperties() {
		this.fake.withBean(WeirConnectionDetails.class, () -> () -> "weir://elsewhere")
			.run((context) -> assertThat(context).hasSingleBean(WeirConnectionDetails.class)
				.doesNotHaveBean(PropertiesWeirConnectionDetails.class));
	}

	@Test
	void messagesAreObservedUnlessToldOtherwise() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		ApplicationContextRunner observed = this.fake.withBean(ObservationRegistry.class, () -> registry);
		observed.withPropertyValues("weir.observation.enabled=false")
			.run((context) -> context.getBean(WeirTemplate.class).send("orders", "a"));
		assertThat(registry).doesNotHaveAnyObservation();
		observed.run((context) -> context.getBean(WeirTemplate.class).send("orders", "a"));
		assertThat(registry).hasObservationWithNameEqualTo("weir.producer.send");
	}

}
