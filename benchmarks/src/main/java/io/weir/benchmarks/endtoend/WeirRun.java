package io.weir.benchmarks.endtoend;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

import io.weir.broker.Broker;
import io.weir.client.Consumer;
import io.weir.client.Ordering;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

/**
 * Every message is published, stored, delivered and acknowledged; the clock stops when
 * the consumer has the last one. One at a time, the time from {@code send} to
 * {@code receive} is measured.
 */
final class WeirRun {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private WeirRun() {
	}

	static Result run(Broker broker, Load load, Ordering ordering) throws Exception {
		try (WeirClient client = WeirClient.builder()
			.serviceUrl(broker.serviceUrl())
			.fingerprint(broker.certificateFingerprint())
			.build();
				Consumer<byte[]> consumer = client.consumer(Schema.bytes())
					.topic("load")
					.subscription("benchmark")
					.initialPosition(InitialPosition.EARLIEST)
					.receiverQueueSize(Load.IN_FLIGHT)
					.subscribe();
				Producer<byte[]> producer = client.producer(Schema.bytes())
					.topic("load")
					.ordering(ordering)
					.maxPending(Load.IN_FLIGHT)
					.create()) {
			long[] latencies = new long[load.singles()];
			for (int i = 0; i < latencies.length; i++) {
				long start = System.nanoTime();
				producer.send(load.payload());
				receive(consumer);
				latencies[i] = System.nanoTime() - start;
			}
			return Result.of(load.messages(), pump(load, producer, consumer), latencies);
		}
	}

	private static long pump(Load load, Producer<byte[]> producer, Consumer<byte[]> consumer) throws Exception {
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Semaphore inFlight = new Semaphore(Load.IN_FLIGHT);
		byte[] payload = load.payload();
		long start = System.nanoTime();
		Thread sender = new Thread(() -> {
			for (int i = 0; i < load.messages() && failure.get() == null; i++) {
				inFlight.acquireUninterruptibly();
				producer.sendAsync(payload).whenComplete((id, cause) -> {
					inFlight.release();
					if (cause != null) {
						failure.compareAndSet(null, cause);
					}
				});
			}
		}, "benchmark-sender");
		sender.start();
		for (int i = 0; i < load.messages() && failure.get() == null; i++) {
			receive(consumer);
		}
		long nanos = System.nanoTime() - start;
		sender.join();
		if (failure.get() != null) {
			throw new IllegalStateException("A message could not be sent", failure.get());
		}
		return nanos;
	}

	private static void receive(Consumer<byte[]> consumer) {
		Message<byte[]> message = consumer.receive(PATIENCE);
		if (message == null) {
			throw new IllegalStateException("A message did not arrive within " + PATIENCE);
		}
		consumer.acknowledge(message);
	}

}
