package io.weir.client.internal.consumer;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.Backlog;
import io.weir.wire.BacklogReport;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

/** A consumer asks how far its subscription is behind. */
class BacklogQuestionsTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@BeforeEach
	void hold() {
		this.broker.hold(Frame.AskBacklog.class);
	}

	@Test
	void answerOfTheBrokerIsTold() {
		CompletableFuture<Backlog> told = this.fixture.open().backlog();
		this.broker.takeHeld().answer(new Frame.Ok(null, new BacklogReport(7, 1_000)));
		assertThat(told).isCompletedWithValue(new Backlog(7, Instant.ofEpochMilli(1_000)));
	}

	@Test
	void whereNothingIsReadThereIsNoOldest() {
		CompletableFuture<Backlog> told = this.fixture.open().backlog();
		this.broker.takeHeld().answer(new Frame.Ok(null, new BacklogReport(7, -1)));
		assertThat(told).isCompletedWithValue(new Backlog(7, null));
	}

	@Test
	void thoseWhoAskMeanwhileWaitForTheSameAnswer() {
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Backlog> first = consumer.backlog();
		CompletableFuture<Backlog> second = consumer.backlog();
		first.cancel(false);
		assertThat(this.broker.held()).hasSize(1);
		this.broker.takeHeld().answer(new Frame.Ok(null, new BacklogReport(7, -1)));
		assertThat(second).isCompleted();
		consumer.backlog();
		assertThat(this.broker.held()).hasSize(1);
	}

	@Test
	void nobodyWaitsForAConnection() {
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Backlog> asked = consumer.backlog();
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		assertFailed(asked, ErrorCode.CONNECTION_LOST);
		assertFailed(consumer.backlog(), ErrorCode.CONNECTION_LOST);
	}

	@Test
	void whatABrokerRefusesIsToldAndTheConsumerGoesOn() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.broker.refuse(Frame.AskBacklog.class, ErrorCode.NOT_SUPPORTED);
		assertFailed(consumer.backlog(), ErrorCode.NOT_SUPPORTED);
		assertThat(consumer.isConnected()).isTrue();
	}

	@Test
	void answerThatTellsNothingIsAFailure() {
		CompletableFuture<Backlog> asked = this.fixture.open().backlog();
		this.broker.takeHeld().answer(new Frame.Ok());
		assertFailed(asked, ErrorCode.PROTOCOL_VIOLATION);
	}

	@Test
	void nobodyIsAskedAfterTheEnd() {
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Backlog> asked = consumer.backlog();
		consumer.close();
		assertFailed(asked, ErrorCode.CLOSED);
		assertFailed(consumer.backlog(), ErrorCode.CLOSED);
	}

	private static void assertFailed(CompletableFuture<Backlog> asked, ErrorCode code) {
		assertThat(asked).isCompletedExceptionally();
		assertThat(asked.handle((backlog, failure) -> ((ProtocolException) failure).code()).join()).isEqualTo(code);
	}

}
