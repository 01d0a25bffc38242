package io.weir.client.hostile;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;

/** Publishes and consumes a message every few milliseconds, with default settings. */
final class GoodClient implements AutoCloseable {

	static final String TOPIC = "good";

	private static final long INTERVAL_MILLIS = 10;

	private static final Duration SOON = Duration.ofSeconds(60);

	private final List<Long> latencies = Collections.synchronizedList(new ArrayList<>());

	private final WeirClient client;

	private final Producer<String> producer;

	private final Consumer<String> consumer;

	private final Thread publishing = new Thread(this::publish, "good-producer");

	private volatile boolean stopping;

	private volatile int sent;

	GoodClient(InetSocketAddress broker) {
		this.client = WeirClient.builder().serviceUrl("weir://127.0.0.1:" + broker.getPort()).insecure().build();
		this.consumer = this.client.consumer(Schema.string())
			.topic(TOPIC)
			.subscription("good")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
		this.producer = this.client.producer(Schema.string()).topic(TOPIC).create();
		this.publishing.start();
	}

	private void publish() {
		while (!this.stopping) {
			long start = System.nanoTime();
			this.producer.send(Integer.toString(this.sent));
			this.latencies.add(System.nanoTime() - start);
			this.sent++;
			pause();
		}
	}

	private static void pause() {
		try {
			Thread.sleep(INTERVAL_MILLIS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	int sent() {
		return this.sent;
	}

	/** How long 99 of 100 sends took at most. */
	Duration p99() {
		List<Long> sorted = new ArrayList<>(this.latencies);
		Collections.sort(sorted);
		return Duration.ofNanos(sorted.get((int) (sorted.size() * 0.99)));
	}

	/** Stops publishing, and receives what was published: all, once, in order. */
	void checkThatNothingIsLost() throws InterruptedException {
		this.stopping = true;
		this.publishing.join();
		BitSet received = new BitSet();
		while (received.cardinality() < this.sent) {
			Message<String> message = this.consumer.receive(SOON);
			assertThat(message).as("message %d of %d", received.cardinality(), this.sent).isNotNull();
			int number = Integer.parseInt(message.value());
			assertThat(number).isEqualTo(received.cardinality());
			received.set(number);
			this.consumer.acknowledge(message);
		}
		assertThat(this.consumer.receive(Duration.ofMillis(100))).isNull();
	}

	@Override
	public void close() {
		this.stopping = true;
		try {
			this.publishing.join(TimeUnit.SECONDS.toMillis(60));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.client.close();
	}

}
