package io.weir.benchmarks.network;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.weir.benchmarks.network.Latencies.Summary;
import io.weir.broker.Broker;
import io.weir.client.Ordering;
import io.weir.client.Producer;
import io.weir.client.StreamPoolSettings;
import io.weir.client.WeirClient;
import io.weir.fixtures.UdpRelay;
import io.weir.message.MessageId;
import io.weir.message.Schema;

/**
 * Sends one large message after the other, and small ones all the time, by one producer;
 * measures how long the small ones wait for their receipts. Over the same network, with
 * the same seed: only the ordering differs.
 */
final class HeadOfLine {

	private static final int STREAMS = 20;

	private static final int LARGE = 1024 * 1024;

	private static final int SMALL = 100;

	private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);

	/** In packets of Ethernet's size, so that the loss is of the usual number of them. */
	private static final int MTU = 1472;

	private HeadOfLine() {
	}

	static Summary run(Ordering ordering, int transfers) throws Exception {
		try (Broker broker = Broker.builder().port(0).build().start();
				UdpRelay relay = UdpRelay.to(broker.address())
					.seed(42)
					.loss(0.02)
					.delay(Duration.ofMillis(20))
					.mtu(MTU)
					.start();
				WeirClient client = WeirClient.builder()
					.serviceUrl("weir://127.0.0.1:" + relay.address().getPort())
					.fingerprint(broker.certificateFingerprint())
					.pool(streams())
					.build();
				Producer<byte[]> producer = client.producer(Schema.bytes())
					.topic("network")
					.ordering(ordering)
					.maxPending(8000)
					.batchMaxMessages(1)
					.streamGrowthThreshold(1)
					.create()) {
			transfer(producer, 1, new Latencies());
			Latencies measured = new Latencies();
			transfer(producer, transfers, measured);
			return measured.summary();
		}
	}

	private static void transfer(Producer<byte[]> producer, int transfers, Latencies latencies) throws Exception {
		Queue<CompletableFuture<?>> smalls = new ConcurrentLinkedQueue<>();
		byte[] large = new byte[LARGE];
		byte[] small = new byte[SMALL];
		for (int i = 0; i < transfers; i++) {
			CompletableFuture<MessageId> transfer = producer.sendAsync(large);
			while (!transfer.isDone()) {
				long start = System.nanoTime();
				smalls.add(producer.sendAsync(small).thenRun(() -> latencies.add(System.nanoTime() - start)));
				LockSupport.parkNanos(INTERVAL);
			}
			transfer.get();
		}
		CompletableFuture.allOf(smalls.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
	}

	private static StreamPoolSettings streams() {
		StreamPoolSettings usual = StreamPoolSettings.DEFAULTS;
		return new StreamPoolSettings(STREAMS, STREAMS, STREAMS, usual.maxIdleTime(), usual.maxLifetime(),
				Duration.ZERO, usual.borrowTimeout(), Duration.ZERO, false);
	}

}
