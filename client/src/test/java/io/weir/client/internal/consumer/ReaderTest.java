package io.weir.client.internal.consumer;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.poll;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

/** A consumer of a subscription that ends with it. */
class ReaderTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	private ConsumerCore<String> open(SeekTarget start) {
		this.fixture.readFrom = start;
		return this.fixture.open();
	}

	@Test
	void readerOfOneEndNeedsNoSeek() {
		open(SeekTarget.EARLIEST);
		assertThat(lastSubscribe().durable()).isFalse();
		assertThat(lastSubscribe().initialPosition()).isEqualTo(InitialPosition.EARLIEST);
		assertThat(this.fixture.subscribed).isCompleted();
		assertThat(this.fixture.granted()).isEqualTo(10);
		assertThat(this.broker.received(Frame.SeekTime.class)).isEmpty();
	}

	@Test
	void readerFindsItsPlaceBeforeItIsGivenAnything() {
		this.broker.hold(Frame.SeekId.class);
		open(SeekTarget.at(id(3, 1)));
		assertThat(this.fixture.granted()).isZero();
		assertThat(this.fixture.subscribed).isNotDone();
		this.broker.answerHeld();
		assertThat(this.fixture.granted()).isEqualTo(10);
		assertThat(this.fixture.subscribed).isCompleted();
		assertThat(this.broker.frames(Frame.SeekId.class)).extracting(Frame.SeekId::id).containsExactly(id(3, 1));
	}

	@Test
	void refusedPlaceIsToldToTheOneWhoCreatesTheReader() {
		this.broker.refuse(Frame.SeekId.class, ErrorCode.INVALID_REQUEST);
		open(SeekTarget.at(id(3, 1)));
		assertThat(this.fixture.subscribed).isCompletedExceptionally();
		assertThat(this.world.pool().lent()).isZero();
	}

	@Test
	void readerGoesOnAfterTheLastMessageItGave() {
		ConsumerCore<String> reader = open(SeekTarget.EARLIEST);
		this.fixture.deliver(0, "a", "b", "c");
		poll(reader);
		poll(reader);
		this.world.reconnect();
		assertThat(this.broker.frames(Frame.SeekId.class)).extracting(Frame.SeekId::id).containsExactly(id(0, 2));
		// The broker may deliver the whole entry.
		this.fixture.deliver(0, "a", "b", "c");
		this.fixture.deliver(1, "d");
		assertThat(values(takeAll(reader))).containsExactly("c", "d");
	}

	@Test
	void readerGoesOnAfterTheLastMessageOfAFullBatch() {
		ConsumerCore<String> reader = open(SeekTarget.EARLIEST);
		this.fixture.deliverPart(0, 8191, "last");
		assertThat(values(takeAll(reader))).containsExactly("last");
		this.world.reconnect();
		assertThat(this.broker.frames(Frame.SeekId.class)).extracting(Frame.SeekId::id).containsExactly(id(0, 8192));
		this.fixture.deliver(1, "next");
		assertThat(values(takeAll(reader))).containsExactly("next");
	}

	@Test
	void readerOfTheEndGoesOnWithWhatItHadReceived() {
		ConsumerCore<String> reader = open(SeekTarget.LATEST);
		assertThat(lastSubscribe().initialPosition()).isEqualTo(InitialPosition.LATEST);
		this.fixture.deliver(5, "a");
		this.world.reconnect();
		assertThat(lastSubscribe().initialPosition()).isEqualTo(InitialPosition.EARLIEST);
		assertThat(this.broker.frames(Frame.SeekId.class)).extracting(Frame.SeekId::id).containsExactly(id(5, 0));
		this.fixture.deliver(5, "a");
		assertThat(values(takeAll(reader))).containsExactly("a");
	}

	@Test
	void placeOfAMomentIsAskedForUntilSomethingCame() {
		open(SeekTarget.at(Instant.ofEpochMilli(9)));
		this.world.reconnect();
		assertThat(this.broker.frames(Frame.SeekTime.class)).hasSize(2).allMatch((frame) -> frame.publishTime() == 9);
	}

	@Test
	void seekCountsForTheNextReconnect() {
		ConsumerCore<String> reader = open(SeekTarget.EARLIEST);
		this.fixture.deliver(7, "a", "b");
		takeAll(reader);
		reader.seek(SeekTarget.at(id(2, 0)));
		this.world.reconnect();
		assertThat(this.broker.frames(Frame.SeekId.class)).extracting(Frame.SeekId::id)
			.containsExactly(id(2, 0), id(2, 0));
		this.fixture.deliver(2, "earlier");
		assertThat(values(takeAll(reader))).containsExactly("earlier");
	}

	@Test
	void brokerIsToldWhatItMayForget() {
		ConsumerCore<String> reader = open(SeekTarget.EARLIEST);
		this.fixture.deliver(0, "0", "1", "2", "3", "4", "5");
		assertThat(this.broker.frames(Frame.AcknowledgeUpTo.class)).isEmpty();
		takeAll(reader);
		assertThat(this.broker.frames(Frame.AcknowledgeUpTo.class)).isNotEmpty()
			.last()
			.extracting(Frame.AcknowledgeUpTo::id)
			.isEqualTo(id(0, 4));
	}

	@Test
	void messageOfACancelledReadIsLeftToTheNext() {
		ConsumerCore<String> reader = open(SeekTarget.EARLIEST);
		CompletableFuture<Message<String>> cancelled = reader.messages().receiveAsync();
		cancelled.cancel(false);
		this.fixture.deliver(0, "a");
		assertThat(values(takeAll(reader))).containsExactly("a");
	}

	private Frame.Subscribe lastSubscribe() {
		return (Frame.Subscribe) this.broker.last(Frame.Subscribe.class).frame();
	}

}
