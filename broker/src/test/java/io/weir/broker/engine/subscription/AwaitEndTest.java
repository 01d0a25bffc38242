package io.weir.broker.engine.subscription;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** A reader wants to know when it has read a topic to its end. */
class AwaitEndTest extends TopicFixture {

	private static final Peer READER = new Peer(2, 1);

	@Test
	void endOfAnEmptyTopicMustBeToldAtOnce() {
		this.topic.read(READER, "r");
		assertDone(this.topic.awaitEnd(READER));
	}

	@Test
	void endMustBeToldBehindTheLastDeliveryOfWhatWasStored() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(3, 2);
		this.topic.read(READER, "r");
		long asked = this.topic.awaitEnd(READER);
		this.topic.flow(READER, 5);
		assertThat(sequences(READER)).containsExactly(0L, 1L, 2L, 3L, 4L);
		assertThat(this.topic.answer(asked)).isNull();
		this.topic.publish(PRODUCER, 6, 1);
		this.topic.flow(READER, 1);
		assertThat(sequences(READER)).containsExactly(5L);
		assertDone(asked);
		assertThat(sequences(READER)).as("what came later is not waited for").isEmpty();
	}

	@Test
	void whoAsksAtTheEndMustBeToldAtOnce() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(2, 2);
		this.topic.read(READER, "r");
		this.topic.flow(READER, 10);
		assertDone(this.topic.awaitEnd(READER));
		this.topic.publish(PRODUCER, 4, 1);
		assertDone(this.topic.awaitEnd(READER));
		assertThat(sequences(READER)).hasSize(5);
	}

	@Test
	void eachWhoAsksMustBeToldAtItsOwnEnd() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(1, 1);
		this.topic.read(READER, "r");
		long first = this.topic.awaitEnd(READER);
		this.topic.publish(PRODUCER, 1, 1);
		long second = this.topic.awaitEnd(READER);
		this.topic.flow(READER, 1);
		assertDone(first);
		assertThat(this.topic.answer(second)).isNull();
		this.topic.flow(READER, 1);
		assertDone(second);
		assertThat(sequences(READER)).containsExactly(0L, 1L);
	}

	@Test
	void whatIsTrimmedMustNotBeWaitedFor() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(3, 1);
		this.topic.read(READER, "r");
		long asked = this.topic.awaitEnd(READER);
		this.topic.trim(new Position(0, 2), true);
		this.topic.flow(READER, 10);
		assertThat(sequences(READER)).containsExactly(2L);
		assertDone(asked);
	}

	@Test
	void whoIsMovedMustBeToldToAskAgain() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(2, 1);
		this.topic.read(READER, "r");
		long asked = this.topic.awaitEnd(READER);
		this.topic.seek(READER, id(1));
		assertRefused(asked, ErrorCode.SUBSCRIPTION_MOVED, "moved");
		long again = this.topic.awaitEnd(READER);
		this.topic.flow(READER, 10);
		assertDone(again);
		assertThat(sequences(READER)).containsExactly(1L);
	}

	@Test
	void whoGoesMustBeAnswered() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(1, 1);
		this.topic.read(READER, "r");
		long asked = this.topic.awaitEnd(READER);
		this.topic.unsubscribe(READER);
		assertRefused(asked, ErrorCode.SUBSCRIPTION_MOVED);
		Peer next = new Peer(3, 1);
		this.topic.consume(next, "durable", 0);
		long another = this.topic.awaitEnd(next);
		this.topic.handle(new Command.CloseConsumer(new ReplyTo(next.session(), 1000), next));
		assertRefused(another, ErrorCode.UNKNOWN_CONSUMER);
	}

	@ParameterizedTest
	@EnumSource(names = "EXCLUSIVE", mode = EnumSource.Mode.EXCLUDE)
	void consumerThatSharesItsSubscriptionMustBeRefused(SubscriptionType type) {
		this.topic.subscribe(READER, "s", type, InitialPosition.EARLIEST);
		assertRefused(this.topic.awaitEnd(READER), ErrorCode.INVALID_REQUEST, type.name(), "EXCLUSIVE");
	}

}
