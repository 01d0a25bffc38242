package io.weir.spring;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.util.ClassUtils;

import io.weir.broker.Broker;
import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.spring.listener.DefaultWeirListenerContainerFactory;
import io.weir.spring.listener.ListenerDefaults;
import io.weir.spring.listener.RedeliveringErrorHandler;
import io.weir.spring.listener.WeirListenerAnnotationBeanPostProcessor;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.observation.WeirObservations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The programming model in an application that has Spring, but not Spring Boot. */
@Timeout(120)
class PlainContextTests {

	private static final Queue<String> heard = new ConcurrentLinkedQueue<>();

	@BeforeEach
	void forget() {
		heard.clear();
	}

	@Test
	void thereIsNoSpringBootHere() {
		assertThat(ClassUtils.isPresent("org.springframework.boot.SpringApplication", null)).isFalse();
	}

	@Test
	void whatTheTemplateSendsAnAnnotatedMethodHearsWithoutSpringBoot() {
		try (Broker broker = Broker.builder().port(0).build().start();
				AnnotationConfigApplicationContext context = context(broker)) {
			context.getBean(WeirTemplate.class).message("orders", new Order("o-1", 42)).key("k").send();
			await().untilAsserted(() -> assertThat(heard).containsExactly("Order[id=o-1, amount=42] with key k"));
		}
	}

	@Test
	void factoriesMakeProducersAndConsumersWithoutSpringBoot() {
		try (Broker broker = Broker.builder().port(0).build().start();
				AnnotationConfigApplicationContext context = context(broker)) {
			Consumer<String> audit = context.getBean(WeirConsumerFactory.class)
				.createConsumer("greetings", "audit", Schema.string());
			await().until(audit::isConnected);
			Producer<String> greetings = context.getBean(WeirProducerFactory.class)
				.createProducer("greetings", Schema.string());
			greetings.send("hello");
			Message<String> message = audit.receive(Duration.ofSeconds(60));
			assertThat(message).isNotNull();
			assertThat(message.value()).isEqualTo("hello");
		}
	}

	private static AnnotationConfigApplicationContext context(Broker broker) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean(Broker.class, () -> broker, (definition) -> definition.setDestroyMethodName(""));
		context.register(Messaging.class, Listener.class);
		context.refresh();
		return context;
	}

	record Order(String id, int amount) {
	}

	static class Listener {

		@WeirListener(id = "billing", topics = "orders", initialPosition = "earliest")
		void bill(Order order, @Header(WeirHeaders.KEY) String key) {
			heard.add(order + " with key " + key);
		}

	}

	/** What Spring Boot would configure. */
	@Configuration
	static class Messaging {

		@Bean
		WeirClient client(Broker broker) {
			return WeirClient.builder()
				.serviceUrl(broker.serviceUrl())
				.fingerprint(broker.certificateFingerprint())
				.build();
		}

		@Bean
		WeirSchemas schemas() {
			return new WeirSchemas(JsonMapper.builder().build());
		}

		@Bean
		WeirProducerFactory producers(WeirClient client) {
			return new DefaultWeirProducerFactory(client);
		}

		@Bean
		WeirConsumerFactory consumers(WeirClient client) {
			return new DefaultWeirConsumerFactory(client);
		}

		@Bean
		WeirTemplate template(WeirProducerFactory producers, WeirSchemas schemas) {
			return new WeirTemplate(producers, schemas);
		}

		@Bean(WeirListenerContainerFactory.DEFAULT_BEAN_NAME)
		WeirListenerContainerFactory containers(WeirConsumerFactory consumers) {
			return new DefaultWeirListenerContainerFactory(consumers, ListenerDefaults.DEFAULTS,
					new RedeliveringErrorHandler(), WeirObservations.NOOP, false);
		}

		@Bean
		WeirListenerRegistry listeners() {
			return new WeirListenerRegistry();
		}

		@Bean
		static WeirListenerAnnotationBeanPostProcessor listenerAnnotations() {
			return new WeirListenerAnnotationBeanPostProcessor();
		}

	}

}
