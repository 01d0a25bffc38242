package io.weir.client;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.fixtures.MutableClock;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;

/** Messages that expire, with a broker whose clock is turned. */
@Timeout(60)
class ExpiringMessageTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration HOUR = Duration.ofHours(1);

	private final MutableClock clock = new MutableClock(Instant.parse("2030-01-01T00:00:00Z"));

	private final InMemory memory = new InMemory();

	private final Broker broker = this.memory.broker((builder) -> builder.clock(this.clock)).start();

	private final WeirClient client = this.memory.client(this.broker).build();

	private final Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();

	@AfterEach
	void close() {
		this.client.close();
		this.broker.close();
	}

	private Consumer<String> consumer() {
		return this.client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
	}

	@Test
	void messageThatHasExpiredIsNotDeliveredAndIsCounted() {
		this.producer.message("short").expiresAfter(HOUR).send();
		this.producer.message("long").expiresAfter(HOUR.multipliedBy(3)).send();
		this.producer.message("delayed").deliverAfter(HOUR).expiresAfter(HOUR.multipliedBy(2)).send();
		this.producer.send("for ever");
		this.clock.turn(HOUR.multipliedBy(2));
		Consumer<String> consumer = consumer();
		assertThat(consumer.batchReceive(3, SOON)).extracting(Message::value)
			.containsExactlyInAnyOrder("long", "for ever", "delayed");
		assertThat(this.broker.stats().expired()).isOne();
	}

}
