package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
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
import io.weir.client.Consumer;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.Ordering;
import io.weir.client.Producer;
import io.weir.client.RedeliveryBackoff;
import io.weir.client.WeirClient;
import io.weir.client.WhenFull;
import io.weir.client.WeirException;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.ProducerCustomizer;
import io.weir.spring.WeirListener;
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
import static org.awaitility.Awaitility.await;

class WeirAutoConfigurationTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, JacksonAutoConfiguration.class));

	private final ApplicationContextRunner fake = this.runner.withBean(FakeWeirClient.class, () -> this.client);

	record Invoice(String orderId) {
	}

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
	void entriesOfProducersAndConsumersAreInjectedByTypeAndQualifier() {
		this.fake.withUserConfiguration(Injected.class)
			.withPropertyValues("weir.producers.orders.topic=orders-topic",
					"weir.producers.orders.type=" + Invoice.class.getName(),
					"weir.producers.orders.ordering=key-ordered", "weir.producers.other.topic=other",
					"weir.producers.other.type=" + Invoice.class.getName(), "weir.producers.text.topic=text",
					"weir.producers.text.type=java.lang.String", "weir.producers.text.batch.linger=5ms",
					"weir.consumers.audit.topic=orders-topic", "weir.consumers.audit.subscription=audit",
					"weir.consumers.audit.type=" + Invoice.class.getName(),
					"weir.consumers.audit.receiver-queue-size=5")
			.run((context) -> {
				Checkout checkout = context.getBean(Checkout.class);
				checkout.orders().send(new Invoice("a"));
				assertThat(checkout.orders().topic()).isEqualTo("orders-topic");
				assertThat(checkout.text().topic()).isEqualTo("text");
				assertThat(this.client.producers.get(0).settings).containsEntry("ordering", Ordering.KEY_ORDERED);
				this.client.publish("orders-topic", "{\"orderId\":\"b\"}");
				assertThat(checkout.audit().receive().value()).isEqualTo(new Invoice("b"));
				assertThat(this.client.consumer(0).settings).containsEntry("receiverQueueSize", 5);
				context.getSourceApplicationContext().close();
				assertThat(this.client.producers.get(0).closed).isTrue();
				assertThat(this.client.consumer(0).closed).isTrue();
			});
	}

	/** Who waited for one of them before the next would wait for ever. */
	@Test
	@Timeout(60)
	void allProducersAndConsumersBeginToCloseBeforeTheFirstHasEnded() {
		this.client.end = new CompletableFuture<>();
		ApplicationContextRunner named = this.fake.withPropertyValues("weir.consumers.audit.topic=t",
				"weir.consumers.audit.subscription=s", "weir.consumers.audit.type=java.lang.String");
		for (int i = 0; i < 12; i++) {
			named = named.withPropertyValues("weir.producers.p" + i + ".topic=t" + i,
					"weir.producers.p" + i + ".type=java.lang.String");
		}
		named.run((context) -> {
			context.getBean(WeirTemplate.class).send("u", "value");
			context.getSourceApplicationContext().close();
			assertThat(this.client.producers).hasSize(13).allMatch((producer) -> producer.closed);
			assertThat(this.client.consumers).singleElement().matches((consumer) -> consumer.closed);
			assertThat(this.client.closed).isTrue();
		});
	}

	/** Whoever makes some as beans need not know what Spring does with them. */
	@Test
	@Timeout(60)
	void producersAndConsumersThatApplicationsMakeAsBeansAreClosedSideBySideAndWaitedFor() {
		CompletableFuture<Void> end = new CompletableFuture<>();
		this.client.end = end;
		this.fake.withUserConfiguration(OwnClients.class).run((context) -> {
			CompletableFuture<Void> allClosing = CompletableFuture.runAsync(() -> {
				await().atMost(Duration.ofSeconds(30))
					.until(() -> this.client.producers.stream().allMatch((producer) -> producer.closed)
							&& this.client.consumers.stream().allMatch((consumer) -> consumer.closed));
				end.complete(null);
			});
			context.getSourceApplicationContext().close();
			assertThat(this.client.producers).hasSize(2);
			assertThat(this.client.consumers).hasSize(1);
			assertThat(end).isCompleted();
			allClosing.join();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClients {

		@Bean
		Producer<String> first(WeirClient client) {
			return client.producer(Schema.string()).topic("first").create();
		}

		@Bean
		Producer<String> second(WeirClient client) {
			return client.producer(Schema.string()).topic("second").create();
		}

		@Bean
		Consumer<String> audit(WeirClient client) {
			return client.consumer(Schema.string()).topic("first").subscription("s").subscribe();
		}

	}

	/** What an application says itself about the end of a bean holds. */
	@Test
	void destroyMethodThatAnApplicationNamesIsLeftAsItIs() {
		this.fake
			.withBean("own", Producer.class, () -> this.client.producer(Schema.string()).topic("own").create(),
					(definition) -> definition.setDestroyMethodName("flush"))
			.run((context) -> {
				context.getSourceApplicationContext().close();
				assertThat(this.client.producers).singleElement()
					.matches((producer) -> producer.flushed && !producer.closedBeforeItsClient);
			});
	}

	/** Whoever still sends when it is destroyed finds its producers open. */
	@Test
	void beansMayPublishWhenTheyAreDestroyed() {
		this.fake.withUserConfiguration(LastWords.class)
			.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String")
			.run((context) -> {
				context.getSourceApplicationContext().close();
				assertThat(this.client.producers).allSatisfy((producer) -> {
					assertThat(producer.payloads()).containsExactly("the last");
					assertThat(producer.sentAfterTheEnd).isZero();
					assertThat(producer.closed).isTrue();
				}).hasSize(2);
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class LastWords {

		@Bean
		DisposableBean lastWords(Producer<String> orders, WeirTemplate template) {
			return () -> {
				orders.send("the last");
				template.send("others", "the last");
			};
		}

	}

	record Checkout(Producer<Invoice> orders, Producer<String> text, Consumer<Invoice> audit) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		@Bean
		Checkout checkout(@Qualifier("orders") Producer<Invoice> producer, Producer<String> onlyOne,
				Consumer<Invoice> onlyConsumer) {
			return new Checkout(producer, onlyOne, onlyConsumer);
		}

	}

	@Test
	void producersAreToldWhatTheirPropertiesSay() {
		this.fake
			.withPropertyValues("weir.producer.lanes=3", "weir.producers.plain.topic=orders",
					"weir.producers.plain.type=java.lang.String", "weir.producers.special.topic=orders",
					"weir.producers.special.type=java.lang.String", "weir.producers.special.name=shop",
					"weir.producers.special.access-mode=exclusive", "weir.producers.special.ordering=key-ordered",
					"weir.producers.special.lanes=7")
			.run((context) -> {
				context.getBean("plain", Producer.class).flush();
				context.getBean("special", Producer.class).flush();
				assertThat(this.client.producers.get(0).settings).containsEntry("lanes", 3)
					.containsEntry("accessMode", AccessMode.SHARED)
					.doesNotContainKey("name");
				assertThat(this.client.producers.get(1).settings).containsEntry("lanes", 7)
					.containsEntry("accessMode", AccessMode.EXCLUSIVE)
					.containsEntry("name", "shop");
			});
	}

	@Test
	void consumersAreToldWhatTheirPropertiesSay() {
		this.fake
			.withPropertyValues("weir.consumer.acknowledgement-delay=20ms",
					"weir.consumers.special.acknowledgement-delay=0", "weir.consumer.receiver-queue-bytes=1MB",
					"weir.consumer.ack-timeout=1m", "weir.consumer.dead-letter.topic=dead",
					"weir.consumer.retry.backoff.max=3s", "weir.consumers.plain.topic=orders",
					"weir.consumers.plain.subscription=plain", "weir.consumers.plain.type=java.lang.String",
					"weir.consumers.special.topic=orders", "weir.consumers.special.subscription=special",
					"weir.consumers.special.type=java.lang.String", "weir.consumers.special.subscription-type=failover",
					"weir.consumers.special.ack-timeout=0", "weir.consumers.special.dead-letter.max-redeliveries=2",
					"weir.consumers.special.retry.backoff.initial=2s", "weir.consumers.dead.topic=dead",
					"weir.consumers.dead.subscription=dead", "weir.consumers.dead.type=java.lang.String")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(settings("plain")).containsEntry("receiverQueueBytes", 1024L * 1024)
					.containsEntry("ackTimeout", Duration.ofMinutes(1))
					.containsEntry("acknowledgementDelay", Duration.ofMillis(20))
					.containsEntry("deadLetterPolicy", new DeadLetterPolicy(10, "dead"));
				assertThat(delays("plain")).containsExactly(1L, 2L, 3L, 3L);
				assertThat(settings("special")).containsEntry("subscriptionType", SubscriptionType.FAILOVER)
					.containsEntry("ackTimeout", Duration.ZERO)
					.containsEntry("acknowledgementDelay", Duration.ZERO)
					.containsEntry("deadLetterPolicy", new DeadLetterPolicy(2, "dead"));
				assertThat(delays("special")).containsExactly(2L, 3L, 3L, 3L);
				assertThat(settings("dead")).doesNotContainKey("deadLetterPolicy");
			});
	}

	@Test
	void listenersAreToldWhatThePropertiesSay() {
		this.fake.withUserConfiguration(Listening.class)
			.withPropertyValues("weir.consumer.ack-timeout=1m", "weir.consumer.acknowledgement-delay=20ms",
					"weir.consumer.dead-letter.topic=dead")
			.run((context) -> {
				await().until(() -> this.client.consumers.size() == 1);
				assertThat(settings("listening")).containsEntry("ackTimeout", Duration.ofMinutes(1))
					.containsEntry("acknowledgementDelay", Duration.ofMillis(20))
					.containsEntry("deadLetterPolicy", new DeadLetterPolicy(10, "dead"));
				assertThat(delays("listening")).containsExactly(1L, 2L, 4L, 8L);
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@WeirListener(id = "listening", topics = "orders", subscriptionType = "key-shared")
		void listen(String text) {
		}

	}

	private Map<String, Object> settings(String subscription) {
		return this.client.consumers.stream()
			.filter((consumer) -> consumer.subscription().equals(subscription))
			.findFirst()
			.orElseThrow().settings;
	}

	/** The delays after the first deliveries, in seconds. */
	private List<Long> delays(String subscription) {
		RedeliveryBackoff backoff = (RedeliveryBackoff) settings(subscription).get("negativeAckRedeliveryBackoff");
		return IntStream.range(0, 4).mapToObj((count) -> backoff.next(count).toSeconds()).toList();
	}

	@Test
	void anEntryMustNotTakeTheNameOfAnotherBean() {
		this.fake.withBean("orders", String.class, () -> "taken")
			.withPropertyValues("weir.producers.orders.topic=orders", "weir.producers.orders.type=java.lang.String")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
					.contains("weir.producers.orders", "a bean named 'orders'");
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
