package io.weir.client.hostile;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Publishes and consumes a message every few milliseconds, with default settings. */
final class GoodClient implements AutoCloseable {

	static final String TOPIC = "good";

	private static final long INTERVAL_MILLIS = 10;

	private static final int FILLING = 60_000;

	private static final Duration SOON = Duration.ofSeconds(60);

	private final List<Long> latencies = Collections.synchronizedList(new ArrayList<>());

	private final WeirClient client;

	private final Producer<String> producer;

	private final Consumer<String> consumer;

	private final Thread publishing = new Thread(this::publish, "good-producer");

	private final Thread consuming = new Thread(this::consume, "good-consumer");

	/** The number of each message that came. */
	private final List<Integer> received = Collections.synchronizedList(new ArrayList<>());

	private volatile boolean stopping;

	private volatile boolean closing;

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
		this.consuming.start();
	}

	private void consume() {
		while (!this.closing) {
			Message<String> message = this.consumer.receive(Duration.ofMillis(100));
			if (message != null) {
				this.received.add(Integer.parseInt(message.value()));
				this.consumer.acknowledge(message);
			}
		}
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

	/**
	 * So that the broker holds what it always does after a while: the entries that came
	 * last, each of one message, whose objects take more than its bytes.
	 */
	void fillCaches() {
		try (Producer<String> filling = this.client.producer(Schema.string())
			.topic("filling")
			.batchMaxMessages(1)
			.create()) {
			for (int i = 0; i < FILLING; i++) {
				if (i % 500 == 0) {
					filling.flush();
				}
				filling.sendAsync("filling " + i);
			}
			filling.flush();
		}
	}

	/** What was measured while everything was new. */
	void forgetLatencies() {
		this.latencies.clear();
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

	/** Stops publishing: what was published has come, all, once, in order. */
	void checkThatNothingIsLost() throws InterruptedException {
		this.stopping = true;
		this.publishing.join();
		await().atMost(SOON).until(() -> this.received.size() >= this.sent);
		List<Integer> all = IntStream.range(0, this.sent).boxed().toList();
		await().during(Duration.ofMillis(100)).until(() -> this.received.size() == this.sent);
		assertThat(this.received).isEqualTo(all);
	}

	@Override
	public void close() {
		this.stopping = true;
		this.closing = true;
		try {
			this.publishing.join(TimeUnit.SECONDS.toMillis(60));
			this.consuming.join(TimeUnit.SECONDS.toMillis(60));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.client.close();
	}

}
