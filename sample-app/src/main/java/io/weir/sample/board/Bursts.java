package io.weir.sample.board;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import io.weir.client.Producer;
import io.weir.message.MessageId;

/**
 * Publishes as many messages at once as the producer's queue takes, in no order: the
 * producer leases streams until its queue is short enough, and gives them back. To be
 * watched at {@code /actuator/metrics/weir.pool.streams} and on the board.
 */
@RestController
class Bursts {

	/** The producer's {@code max-pending}. */
	private static final int MESSAGES = 8000;

	private static final byte[] PAYLOAD = new byte[128];

	private final Producer<byte[]> producer;

	Bursts(@Qualifier("burst") Producer<byte[]> producer) {
		this.producer = producer;
	}

	@PostMapping("/bursts")
	CompletableFuture<Burst> publish() {
		long begin = System.nanoTime();
		List<CompletableFuture<MessageId>> sent = fillQueue();
		return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
			.thenApply((stored) -> new Burst(sent.size(), Duration.ofNanos(System.nanoTime() - begin).toMillis()));
	}

	/** One at a time, or two would take the same room. */
	private synchronized List<CompletableFuture<MessageId>> fillQueue() {
		return IntStream.range(this.producer.pending(), MESSAGES)
			.mapToObj((number) -> this.producer.sendAsync(PAYLOAD))
			.toList();
	}

	/**
	 * The answer, when all is stored.
	 *
	 * @param messages how many messages there were
	 * @param millis how long it took
	 */
	record Burst(int messages, long millis) {
	}

}
