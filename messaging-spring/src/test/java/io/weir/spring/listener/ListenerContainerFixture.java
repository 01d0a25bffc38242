package io.weir.spring.listener;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;

import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.SubscriptionType;
import io.weir.spring.ConsumerCustomizer;
import io.weir.spring.AckMode;
import io.weir.spring.Acknowledgement;
import io.weir.spring.DefaultWeirConsumerFactory;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirConsumerFactory;
import io.weir.spring.fake.FakeConsumer;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.fake.NoFurtherClients;
import io.weir.spring.observation.WeirObservations;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A container with a client and consumers that are scripted. */
abstract class ListenerContainerFixture {

	final FakeWeirClient client = new FakeWeirClient();

	final Queue<String> heard = new ConcurrentLinkedQueue<>();

	Duration shutdownTimeout = Duration.ofSeconds(30);

	/** Of listeners that say nothing themselves. */
	int concurrency = 1;

	WeirErrorHandler errorHandler = new RedeliveringErrorHandler(Duration.ZERO, Duration.ZERO);

	WeirObservations observations = WeirObservations.NOOP;

	@Nullable WeirListenerContainer container;

	List<ConsumerCustomizer> customizers = List.of();

	List<WeirListenerInterceptor> interceptors = List.of();

	ApplicationEventPublisher publisher = (event) -> {
	};

	@AfterEach
	void stop() {
		if (this.container != null) {
			this.container.stop();
		}
	}

	void publish(String... payloads) {
		for (String payload : payloads) {
			this.client.publish("orders", payload);
		}
	}

	FakeConsumer<Object> consumer() {
		return this.client.consumer(0);
	}

	ListenerStatus status() {
		return this.container.getStatus();
	}

	@Nullable CompletableFuture<?> hear(List<Message<byte[]>> messages, Acknowledgement acknowledgement) {
		messages.forEach((message) -> this.heard.add(text(message)));
		return null;
	}

	static String text(Message<byte[]> message) {
		return new String(message.value(), StandardCharsets.UTF_8);
	}

	void start(AckMode mode, boolean batch, WeirMessageListener listener) {
		this.container = container(endpoint(List.of("orders"), SubscriptionType.SHARED, 1, mode, batch, listener));
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
	}

	WeirListenerContainer container(WeirMessageListener listener) {
		return container(endpoint(List.of("orders"), SubscriptionType.SHARED, 1, AckMode.RECORD, false, listener));
	}

	WeirListenerContainer container(WeirListenerEndpoint endpoint) {
		ListenerDefaults defaults = new ListenerDefaults(SubscriptionType.SHARED, this.concurrency, AckMode.RECORD,
				true, this.shutdownTimeout, ConsumerSettings.NONE);
		WeirConsumerFactory consumers = new DefaultWeirConsumerFactory(this.client, (topic, builder) -> {
		}, this.customizers);
		WeirClients clients = new WeirClients(this.client,
				new StaticListableBeanFactory(Map.of("consumers", consumers)), new NoFurtherClients());
		DefaultWeirListenerContainerFactory factory = new DefaultWeirListenerContainerFactory(clients, defaults,
				this.errorHandler, this.observations, false);
		factory.setInterceptors(this.interceptors);
		factory.setApplicationEventPublisher(this.publisher);
		return factory.createContainer(endpoint);
	}

	static WeirListenerEndpoint endpoint(List<String> topics, SubscriptionType type, int concurrency, AckMode mode,
			boolean batch, WeirMessageListener listener) {
		return WeirListenerEndpoint.builder("billing")
			.topics(topics.toArray(String[]::new))
			.subscriptionType(type)
			.initialPosition(InitialPosition.EARLIEST)
			.batch(batch)
			.ackMode(mode)
			.concurrency(concurrency)
			.listener(listener)
			.build();
	}

}
