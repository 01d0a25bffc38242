package io.weir.spring.autoconfigure;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.message.MessageId;
import io.weir.spring.fake.FakeConsumer;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.listener.ListenerState;
import io.weir.spring.listener.WeirListenerRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** An application whose listeners note what they hear, with a client that is scripted. */
abstract class ListenerMethodsFixture {

	static final Queue<Object> heard = new ConcurrentLinkedQueue<>();

	final FakeWeirClient client = new FakeWeirClient();

	final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withBean(FakeWeirClient.class, () -> this.client)
		.withInitializer((context) -> heard.clear());

	record Order(String id, int amount) {
	}

	void run(Class<?> configuration, Consumer<AssertableApplicationContext> test) {
		this.runner.withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			awaitSubscribed(context);
			test.accept(context);
		});
	}

	void awaitSubscribed(AssertableApplicationContext context) {
		await().until(() -> context.getBean(WeirListenerRegistry.class)
			.getContainers()
			.stream()
			.allMatch((container) -> container.getStatus().state() == ListenerState.RUNNING));
	}

	MessageId deliver(String topic, String payload) {
		return this.client.publish(topic, payload);
	}

	FakeConsumer<Object> consumer(String topic) {
		return this.client.consumers.stream()
			.filter((consumer) -> consumer.topic().equals(topic))
			.findFirst()
			.orElseThrow();
	}

	static void awaitHeard(Object... expected) {
		await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder(expected));
	}

}
