package io.weir.client.internal.connection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.consumer.ConsumerCore;
import io.weir.client.internal.consumer.ConsumerSettings;
import io.weir.client.internal.consumer.Inboxes;
import io.weir.client.internal.fakes.FakePool;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.client.internal.producer.LanePlan;
import io.weir.client.internal.producer.ProducerCore;
import io.weir.client.internal.producer.ProducerSettings;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;

import static org.assertj.core.api.Assertions.assertThat;

/** Connections break in every situation, thousands of times. */
class LostConnectionsTest {

	private static final int LOSSES = 5_000;

	/** Longer than all back-offs, so that what can be there again is. */
	private static final Duration RECOVERY = Duration.ofSeconds(25);

	private static final Duration SEND_TIMEOUT = Duration.ofHours(1);

	/** What the broker leaves unanswered when the connection breaks, in turn. */
	private static final List<Class<? extends Frame>> HELD = List.of(Frame.Publish.class, Frame.OpenProducer.class,
			Frame.Subscribe.class, Frame.Connect.class, Frame.GoAway.class);

	private final FakeWorld world = new FakeWorld();

	private final List<CompletableFuture<MessageId>> sent = new ArrayList<>();

	@Test
	void eachInvalidatesItsStreamsAtOnceAndLeavesNothing() {
		this.world.manager().start();
		List<ProducerCore> producers = List.of(producer(new LanePlan.Single()), producer(new LanePlan.Keyed(3)),
				producer(new LanePlan.Elastic(2)));
		ConsumerCore<String> consumer = consumer();
		int timers = timersAtRest();
		for (int loss = 0; loss < LOSSES; loss++) {
			Class<? extends Frame> held = HELD.get(loss % HELD.size());
			this.world.broker().hold(held);
			for (int message = 0; message < 4; message++) {
				for (ProducerCore producer : producers) {
					this.sent.add(producer.sendAsync(record("key" + message)));
				}
			}
			loseConnection();
			this.world.timer().advance(RECOVERY);
			this.world.broker().holdNothing();
			if (held == Frame.Connect.class) {
				this.world.broker().answerHeld();
			}
		}
		loseConnection();
		assertThat(timersAtRest()).isEqualTo(timers);
		assertThat(this.world.connections()).hasSizeGreaterThan(LOSSES);
		assertThat(this.sent).hasSize(LOSSES * 12)
			.allMatch((send) -> send.isDone() && !send.isCompletedExceptionally());
		assertThat(this.world.manager().users()).isEqualTo(4);
		assertThat(this.world.pool().lent()).isEqualTo(4);
		producers.forEach((producer) -> assertThat(producer.close()).isCompleted());
		assertThat(consumer.close()).isCompleted();
		this.world.timer().advance(RECOVERY);
		assertThat(this.world.manager().users()).isZero();
		assertThat(this.world.pool().owed()).isZero();
		assertThat(this.world.timer().scheduled()).isZero();
	}

	/** All that the broker was asked is answered, and nobody has anything to do. */
	private int timersAtRest() {
		this.world.timer().advance(RECOVERY);
		this.world.timer().advance(RECOVERY);
		return this.world.timer().scheduled();
	}

	private void loseConnection() {
		FakeConnection lost = this.world.connection();
		FakePool pool = this.world.pool();
		lost.breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(pool.isClosed()).isTrue();
		assertThat(pool.lent()).isZero();
		assertThat(pool.owed()).isZero();
		assertThat(lost.streams()).noneMatch(FakeStream::isOpen);
	}

	private ProducerCore producer(LanePlan plan) {
		ProducerSettings settings = new ProducerSettings("topic", null, AccessMode.SHARED, plan, false, SEND_TIMEOUT,
				1000, 64 * 1024 * 1024, false, 2, 128 * 1024, Duration.ofMillis(1), Compression.NONE, (cause) -> cause);
		ProducerCore producer = new ProducerCore(settings, this.world.manager(), this.world.timer(),
				this.world.backoff(), Runnable::run);
		assertThat(producer.open()).isCompleted();
		return producer;
	}

	private ConsumerCore<String> consumer() {
		ConsumerSettings settings = new ConsumerSettings("topic", "subscription", SubscriptionType.SHARED,
				InitialPosition.EARLIEST, "consumer", 10, 64 * 1024 * 1024, Duration.ofMillis(10), Duration.ZERO,
				(redeliveryCount) -> Duration.ZERO, null, null, null, (cause) -> cause);
		ConsumerCore<String> consumer = new ConsumerCore<>(settings, Schema.string(), new Inboxes<>(settings),
				this.world.manager(), this.world.timer(), this.world.backoff(), new LongAdder());
		assertThat(consumer.open()).isCompleted();
		return consumer;
	}

	private static MessageRecord record(String key) {
		return new MessageRecord(key, null, Headers.empty(),
				Unpooled.wrappedBuffer("value".getBytes(StandardCharsets.UTF_8)));
	}

}
