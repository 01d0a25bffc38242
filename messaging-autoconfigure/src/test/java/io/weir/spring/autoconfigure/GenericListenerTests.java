package io.weir.spring.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.messaging.handler.annotation.Header;

import io.weir.message.Message;
import io.weir.spring.WeirListener;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.fake.FakeWeirClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Payload types that only the bean's class, or its definition, says. */
class GenericListenerTests {

	private static final String ORDER = "{\"id\":\"a\",\"amount\":1}";

	private static final Order A = new Order("a", 1);

	private static final Queue<Object> heard = new ConcurrentLinkedQueue<>();

	private final FakeWeirClient client = new FakeWeirClient();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class))
		.withBean(FakeWeirClient.class, () -> this.client)
		.withInitializer((context) -> heard.clear());

	record Order(String id, int amount) {
	}

	record Envelope<C>(C content, List<C> more) {
	}

	/** Says everything but what T is. */
	abstract static class Base<T> {

		@WeirListener(id = "plain", topics = "plain")
		public void plain(T value) {
			heard.add(value);
		}

		@WeirListener(id = "envelope", topics = "envelope")
		public void envelope(Envelope<T> envelope) {
			heard.add(envelope);
		}

		@WeirListener(id = "list", topics = "list")
		public void list(List<T> values) {
			heard.add(values);
		}

		@WeirListener(id = "bounded", topics = "bounded")
		public void bounded(Map<String, ? extends Envelope<? extends T>> values) {
			heard.add(values);
		}

		@WeirListener(id = "array", topics = "array")
		public void array(T[] values) {
			heard.add(Arrays.asList(values));
		}

		@WeirListener(id = "arrays", topics = "arrays")
		public void arrays(Envelope<T>[] values) {
			heard.add(Arrays.asList(values));
		}

		@WeirListener(id = "weir", topics = "weir")
		public void weir(Message<Envelope<T>> message) {
			heard.add(message.value());
		}

		@WeirListener(id = "spring", topics = "spring")
		public void spring(org.springframework.messaging.Message<T> message) {
			heard.add(message.getPayload());
		}

		@WeirListener(id = "springEnvelope", topics = "springEnvelope")
		public void springEnvelope(org.springframework.messaging.Message<Envelope<T>> message) {
			heard.add(message.getPayload());
		}

		@WeirListener(id = "batch", topics = "batch", batch = "true")
		public void batch(List<T> values) {
			heard.addAll(values);
		}

		@WeirListener(id = "batchOfEnvelopes", topics = "batchOfEnvelopes", batch = "true")
		public void batchOfEnvelopes(List<Envelope<T>> values) {
			heard.addAll(values);
		}

		@WeirListener(id = "batchOfWeir", topics = "batchOfWeir", batch = "true")
		public void batchOfWeir(List<Message<T>> values) {
			values.forEach((value) -> heard.add(value.value()));
		}

		@WeirListener(id = "batchOfSpring", topics = "batchOfSpring", batch = "true")
		public void batchOfSpring(List<org.springframework.messaging.Message<T>> values) {
			values.forEach((value) -> heard.add(value.getPayload()));
		}

	}

	static class OfOrders extends Base<Order> {

	}

	static Stream<Arguments> forms() {
		String envelope = "{\"content\":" + ORDER + ",\"more\":[" + ORDER + "]}";
		Envelope<Order> opened = new Envelope<>(A, List.of(A));
		return Stream.of(Arguments.of("plain", ORDER, A), Arguments.of("envelope", envelope, opened),
				Arguments.of("list", "[" + ORDER + "]", List.of(A)),
				Arguments.of("bounded", "{\"x\":" + envelope + "}", Map.of("x", opened)),
				Arguments.of("array", "[" + ORDER + "]", List.of(A)),
				Arguments.of("arrays", "[" + envelope + "]", List.of(opened)), Arguments.of("weir", envelope, opened),
				Arguments.of("spring", ORDER, A), Arguments.of("springEnvelope", envelope, opened),
				Arguments.of("batch", ORDER, A), Arguments.of("batchOfEnvelopes", envelope, opened),
				Arguments.of("batchOfWeir", ORDER, A), Arguments.of("batchOfSpring", ORDER, A));
	}

	@ParameterizedTest
	@MethodSource("forms")
	void typeVariablesAreWhatTheBeansClassSays(String topic, String payload, Object expected) {
		this.runner.withBean(OfOrders.class).run((context) -> hears(topic, payload, expected));
	}

	@ParameterizedTest
	@MethodSource("forms")
	void typeVariablesAreWhatTheClassBehindACglibProxySays(String topic, String payload, Object expected) {
		this.runner.withBean(OfOrders.class)
			.withBean(Proxying.class, () -> new Proxying(true))
			.run((context) -> hears(topic, payload, expected));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void typeVariablesOfAnInterfaceAreWhatTheClassBehindTheProxySays(boolean cglib) {
		this.runner.withBean(Implementing.class)
			.withBean(Proxying.class, () -> new Proxying(cglib))
			.run((context) -> hears("listens", "{\"content\":" + ORDER + ",\"more\":[]}",
					List.of(new Envelope<>(A, List.of()), "listens")));
	}

	interface Listens<T> {

		void on(Envelope<T> envelope, @Header("weir_topic") String topic);

	}

	static class Implementing implements Listens<Order> {

		@Override
		@WeirListener(id = "listens", topics = "listens")
		public void on(Envelope<Order> envelope, String topic) {
			heard.add(List.of(envelope, topic));
		}

	}

	@Test
	void typeVariablesAreWhatTheBeansDefinitionSays() {
		this.runner.withUserConfiguration(Defining.class)
			.run((context) -> hears("generic", "{\"content\":" + ORDER + ",\"more\":[]}",
					new Envelope<>(A, List.of())));
	}

	@Configuration(proxyBeanMethods = false)
	static class Defining {

		@Bean
		Generic<Order> generic() {
			return new Generic<>();
		}

	}

	static class Generic<T> {

		@WeirListener(id = "generic", topics = "generic")
		public void on(Envelope<T> envelope) {
			heard.add(envelope);
		}

	}

	@ParameterizedTest
	@ValueSource(classes = { Generic.class, Unknown.class, UnknownInSpring.class, UnknownInABatch.class })
	void whatNobodyKnowsIsRefusedAtStart(Class<?> type) {
		this.runner.withBean(type)
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains(type.getName() + ".on", "T", "is not known from the bean's class"));
	}

	static class Unknown {

		@WeirListener(id = "unknown", topics = "unknown")
		public <T> void on(List<? extends T> values) {
		}

	}

	static class UnknownInSpring<T> {

		@WeirListener(id = "unknown", topics = "unknown")
		public void on(org.springframework.messaging.Message<T> message) {
		}

	}

	static class UnknownInABatch<T> {

		@WeirListener(id = "unknown", topics = "unknown", batch = "true")
		public void on(List<Message<T[]>> messages) {
		}

	}

	@Test
	void aBatchNeedsListsOnly() {
		this.runner.withBean(NoList.class)
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains("NoList.on", "parameter 1 (", "Order", "must be a List"));
	}

	static class NoList {

		@WeirListener(id = "none", topics = "none", batch = "true")
		public void on(List<Order> orders, Order order) {
		}

	}

	@ParameterizedTest
	@ValueSource(strings = { "raw", "wildcard", "bytes" })
	void whatIsLeftOpenIsAnything(String topic) {
		this.runner.withBean(Open.class).run((context) -> {
			Object expected = Map.of("id", "a", "amount", 1);
			hears(topic, ORDER, topic.equals("bytes") ? ORDER : new ArrayList<>(List.of(expected)));
		});
	}

	@SuppressWarnings("rawtypes")
	static class Open {

		@WeirListener(id = "raw", topics = "raw", batch = "true")
		public void raw(List values) {
			heard.add(values);
		}

		@WeirListener(id = "wildcard", topics = "wildcard")
		public void wildcard(Message<?> message) {
			heard.add(List.of(message.value()));
		}

		@WeirListener(id = "bytes", topics = "bytes")
		public void bytes(org.springframework.messaging.Message<?> message) {
			heard.add(new String((byte[]) message.getPayload()));
		}

	}

	private void hears(String topic, String payload, Object expected) {
		await().until(() -> this.client.consumers.stream().anyMatch((consumer) -> consumer.topic().equals(topic)));
		this.client.publish(topic, payload);
		await().untilAsserted(() -> assertThat(heard).containsExactly(expected));
	}

	/** Makes proxies, before listeners are looked for, as Spring's own does. */
	private record Proxying(boolean cglib) implements BeanPostProcessor, Ordered {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (!(bean instanceof OfOrders) && !(bean instanceof Implementing)) {
				return bean;
			}
			ProxyFactory factory = new ProxyFactory(bean);
			factory.setProxyTargetClass(this.cglib);
			return factory.getProxy();
		}

		@Override
		public int getOrder() {
			return Ordered.LOWEST_PRECEDENCE;
		}

	}

}
