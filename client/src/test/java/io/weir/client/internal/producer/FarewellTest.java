package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static io.weir.client.internal.producer.ProducerFixture.failure;
import static io.weir.client.internal.producer.ProducerFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

/** How long producers that are closed wait for a broker. */
class FarewellTest {

	private final ProducerFixture fixture = new ProducerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@AfterEach
	void nothingMustBeLeft() {
		assertThat(this.world.pool().owed()).isZero();
		this.fixture.end();
	}

	@Test
	void farewellIsNotWaitedForOnceTheBrokerIsSilent() {
		CompletableFuture<Void> closed = closeUnanswered(this.fixture.open());
		this.world.reachable(false);
		this.world.connection().fallSilent();
		assertThat(closed).isCompleted();
		assertThat(this.broker.frames(Frame.CloseProducer.class)).hasSize(1);
	}

	@Test
	void farewellIsNotWaitedForWhileTheBrokerIsSilent() {
		ProducerCore producer = this.fixture.open();
		this.world.reachable(false);
		this.world.connection().fallSilent();
		this.broker.hold(Frame.CloseProducer.class);
		assertThat(producer.close()).isCompleted();
		assertThat(this.broker.frames(Frame.CloseProducer.class)).hasSize(1);
	}

	@Test
	void brokerThatAnswersAgainHearsTheFarewell() {
		ProducerCore producer = this.fixture.open();
		this.world.reachable(false);
		this.world.connection().fallSilent();
		this.world.connection().answerAgain();
		CompletableFuture<Void> closed = closeUnanswered(producer);
		this.broker.answerHeld();
		assertThat(closed).isCompleted();
		assertThat(this.world.pool().stats().idle()).isEqualTo(1);
	}

	@Test
	void farewellThatABrokerDoesNotAnswerEndsInTime() {
		CompletableFuture<Void> closed = closeUnanswered(this.fixture.open());
		this.world.timer().advance(Duration.ofSeconds(2));
		assertThat(closed).isCompleted();
	}

	@Test
	void producerThatIsClosedBeforeItIsIntroducedAgainLeavesItsName() {
		ProducerCore producer = this.fixture.open();
		this.broker.refuse(Frame.Publish.class, ErrorCode.OVERLOADED);
		send(producer, "a");
		producer.abort();
		assertThat(producer.closed()).isCompleted();
		long opened = this.broker.frames(Frame.OpenProducer.class).get(0).producerId();
		assertThat(this.broker.frames(Frame.CloseProducer.class)).containsExactly(new Frame.CloseProducer(opened));
	}

	@Test
	void farewellEndsWithItsConnection() {
		CompletableFuture<Void> closed = closeUnanswered(this.fixture.open());
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(closed).isCompleted();
	}

	/**
	 * What is not confirmed is waited for all the same: the broker may be back in time.
	 */
	@Test
	void whatASilentBrokerHasNotConfirmedIsSentAgainWhenItIsBack() {
		this.broker.hold(Frame.Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> sent = send(producer, "a");
		this.world.reachable(false);
		this.world.connection().fallSilent();
		CompletableFuture<Void> closed = producer.close();
		assertThat(closed).isNotDone();
		this.broker.holdNothing();
		this.world.reachable(true);
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(sent).isCompletedWithValueMatching((id) -> true);
		assertThat(closed).isCompleted();
		assertThat(producer.unfinished()).isNull();
	}

	@Test
	void twelveProducersWithoutABrokerAreClosedByOneDeadline() {
		List<ProducerCore> producers = IntStream.range(0, 12).mapToObj((number) -> this.fixture.open()).toList();
		this.world.reachable(false);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		List<CompletableFuture<MessageId>> sent = producers.stream().map((producer) -> send(producer, "a")).toList();
		List<CompletableFuture<Void>> closed = new ArrayList<>();
		producers.forEach((producer) -> closed.add(producer.close()));
		assertThat(closed).noneMatch(CompletableFuture::isDone);
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(closed).allMatch(CompletableFuture::isDone);
		assertThat(sent).allMatch((message) -> failure(message) == ErrorCode.CLOSED);
		assertThat(producers).extracting(ProducerCore::unfinished).containsOnly("1 message to topic 'topic'");
	}

	private CompletableFuture<Void> closeUnanswered(ProducerCore producer) {
		this.broker.hold(Frame.CloseProducer.class);
		CompletableFuture<Void> closed = producer.close();
		assertThat(closed).isNotDone();
		return closed;
	}

}
