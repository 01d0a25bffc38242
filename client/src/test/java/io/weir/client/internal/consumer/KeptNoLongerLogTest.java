package io.weir.client.internal.consumer;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeBroker.Received;
import io.weir.client.internal.fakes.LogCapture;
import io.weir.wire.Frame;
import io.weir.wire.Position;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

/** Who goes on elsewhere than at the place that was asked for is told in the log. */
class KeptNoLongerLogTest {

	private static final Frame ELSEWHERE = new Frame.Ok(new Position(0, 40), null);

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeBroker broker = this.fixture.world.broker();

	private final LogCapture log = new LogCapture(KeptNoLonger.class);

	@AfterEach
	void endCapture() {
		this.log.close();
	}

	@Test
	void messageThatIsGoneIsToldWithThePlaceToGoOnAt() {
		this.broker.hold(Frame.SeekId.class);
		ConsumerCore<String> consumer = this.fixture.open();
		CompletableFuture<Void> moved = consumer.seek(SeekTarget.at(id(17, 1)));
		this.broker.takeHeld().answer(ELSEWHERE);
		assertThat(moved).isCompleted();
		assertThat(this.log.lines()).containsExactly("WARN What stood before " + id(40, 0)
				+ " is kept no longer: subscription 'subscription' of topic 'topic' was to go on at message "
				+ id(17, 1) + ", and goes on there");
	}

	@Test
	void timeOfWhatIsGoneIsTold() {
		this.broker.hold(Frame.SeekTime.class);
		ConsumerCore<String> consumer = this.fixture.open();
		consumer.seek(SeekTarget.at(Instant.parse("2026-11-27T10:00:00Z")));
		this.broker.takeHeld().answer(ELSEWHERE);
		assertThat(this.log.lines()).singleElement()
			.asString()
			.contains("was to go on at what was stored from 2026-11-27T10:00:00Z on, and goes on there");
	}

	@Test
	void messagesThatWereTrimmedBeforeTheyCameAreTold() {
		this.fixture.open();
		Received subscription = this.broker.last(Frame.Subscribe.class);
		long consumer = ((Frame.Subscribe) subscription.frame()).consumerId();
		subscription.stream().say(0, new Frame.MessagesTrimmed(consumer, 300, new Position(0, 40)));
		assertThat(this.log.lines()).containsExactly("WARN 300 messages before " + id(40, 0)
				+ " were trimmed that subscription 'subscription' of topic 'topic' was never given: it goes on there");
	}

	@Test
	void placeThatIsKeptIsNotTold() {
		ConsumerCore<String> consumer = this.fixture.open();
		assertThat(consumer.seek(SeekTarget.at(id(17, 1)))).isCompleted();
		assertThat(consumer.seek(SeekTarget.EARLIEST)).isCompleted();
		assertThat(this.log.lines()).isEmpty();
	}

	@Test
	void readerThatComesBackIsToldOnceUntilItIsSomewhereElse() {
		this.broker.hold(Frame.SeekId.class);
		this.fixture.readFrom = SeekTarget.after(id(17, 1));
		ConsumerCore<String> reader = this.fixture.open();
		this.broker.takeHeld().answer(ELSEWHERE);
		assertThat(this.fixture.subscribed).isCompleted();
		assertThat(this.log.lines()).singleElement().asString().contains("message " + id(17, 2));
		this.fixture.world.reconnect();
		this.broker.takeHeld().answer(ELSEWHERE);
		assertThat(this.log.lines()).hasSize(1);
		this.fixture.deliver(40, "a", "b");
		ConsumerFixture.poll(reader);
		this.fixture.world.reconnect();
		this.broker.takeHeld().answer(new Frame.Ok(new Position(0, 50), null));
		assertThat(this.log.lines()).hasSize(2).last().asString().contains(id(50, 0).toString(), id(40, 1).toString());
	}

}
