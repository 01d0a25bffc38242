package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame.Publish;

import static io.weir.client.internal.producer.ProducerFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

/** How many streams a producer takes, and which message goes where. */
class ProducerStreamsTest {

	private final ProducerFixture fixture = new ProducerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@AfterEach
	void nothingMustBeLeft() {
		this.fixture.end();
	}

	@Test
	void orderedProducerKeepsToOneStream() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		for (int i = 0; i < 50; i++) {
			send(producer, "key" + i, "a");
			this.world.timer().advance(ProducerFixture.LINGER);
		}
		assertThat(this.broker.received(Publish.class).map(FakeBroker.Received::stream).distinct()).hasSize(1);
		assertThat(this.world.pool().lent()).isEqualTo(1);
	}

	@Test
	void keyAlwaysTakesTheSameLane() {
		this.fixture.plan = new LanePlan.Keyed(4);
		ProducerCore producer = this.fixture.open();
		Map<String, FakeStream> lanes = new HashMap<>();
		for (int i = 0; i < 300; i++) {
			String key = "key" + (i % 30);
			send(producer, key, "a");
			FakeStream stream = this.broker.last(Publish.class).stream();
			assertThat(lanes.computeIfAbsent(key, (first) -> stream)).isSameAs(stream);
		}
		assertThat(new HashSet<>(lanes.values())).hasSize(4);
		assertThat(this.world.pool().lent()).isEqualTo(4);
	}

	@Test
	void lanesOfKeysStayTogetherAfterAReconnect() {
		this.fixture.plan = new LanePlan.Keyed(4);
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		for (int i = 0; i < 60; i++) {
			send(producer, "key" + (i % 20), "message " + i);
			this.world.timer().advance(ProducerFixture.LINGER);
		}
		int before = this.broker.frames(Publish.class).size();
		this.world.reconnect();
		Map<FakeStream, Long> last = new HashMap<>();
		this.broker.received(Publish.class).skip(before).forEach((again) -> {
			long sequence = ((Publish) again.frame()).firstSequence();
			assertThat(last.getOrDefault(again.stream(), -1L)).isLessThan(sequence);
			last.put(again.stream(), sequence);
		});
		assertThat(last).hasSize(4);
		assertThat(this.broker.frames(Publish.class)).hasSize(2 * before);
	}

	@Test
	void unorderedProducerGrowsWithItsQueueAndShrinksWhenIdle() {
		this.fixture.plan = new LanePlan.Elastic(10);
		this.fixture.batchMaxMessages = 1;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		for (int i = 0; i < 11; i++) {
			send(producer, "a");
		}
		assertThat(this.world.pool().lent()).isEqualTo(1);
		send(producer, "one too many for one stream");
		assertThat(this.world.pool().lent()).isEqualTo(2);
		for (int i = 0; i < 40; i++) {
			send(producer, "a");
		}
		assertThat(this.world.pool().lent()).isEqualTo(5);
		this.broker.holdNothing();
		while (!this.broker.held().isEmpty()) {
			this.broker.answerHeld();
		}
		assertThat(producer.pending()).isZero();
		this.world.timer().advance(Duration.ofSeconds(3));
		assertThat(this.world.pool().lent()).isEqualTo(1);
	}

	@Test
	void unorderedProducerTakesNoMoreThanThePoolHas() {
		this.world.maxStreams(3);
		this.fixture.plan = new LanePlan.Elastic(1);
		this.fixture.batchMaxMessages = 1;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		for (int i = 0; i < 100; i++) {
			send(producer, "a");
		}
		assertThat(this.world.pool().lent()).isEqualTo(3);
		this.broker.holdNothing();
		while (!this.broker.held().isEmpty()) {
			this.broker.answerHeld();
		}
		assertThat(producer.pending()).isZero();
	}

	@Test
	void unorderedStreamCarriesOneBatchAtATime() {
		this.fixture.plan = new LanePlan.Elastic(10);
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		for (int i = 0; i < 60; i++) {
			send(producer, "a");
			this.world.timer().advance(ProducerFixture.LINGER);
		}
		assertThat(this.broker.held().stream().map(FakeBroker.Received::stream)).doesNotHaveDuplicates();
	}

	@Test
	void lostConnectionTakesAllStreamsAndLeavesNoLease() {
		this.fixture.plan = new LanePlan.Keyed(3);
		ProducerCore producer = this.fixture.open();
		for (int i = 0; i < 20; i++) {
			send(producer, "key" + i, "a");
		}
		var pool = this.world.pool();
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(pool.isClosed()).isTrue();
		assertThat(pool.lent()).isZero();
		assertThat(pool.owed()).as("leases that were lost, and never ended").isZero();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.world.pool()).isNotSameAs(pool);
		assertThat(this.world.pool().lent()).isEqualTo(1);
	}

}
