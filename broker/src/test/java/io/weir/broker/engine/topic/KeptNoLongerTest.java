package io.weir.broker.engine.topic;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** Who is to go on at what is gone is told where that is. */
class KeptNoLongerTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Position FIRST_KEPT = new Position(0, 2);

	private long beginning;

	@BeforeEach
	void publishFourEntriesOfThree() {
		this.beginning = this.topic.now();
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(4, 3);
	}

	private void open(boolean durable) {
		if (durable) {
			this.topic.consume(CONSUMER, "s", 0);
		}
		else {
			this.topic.read(CONSUMER, "s");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void messageThatIsGoneMustBeAnsweredWithTheFirstThatIsKept(boolean durable) {
		open(durable);
		this.topic.trim(FIRST_KEPT, true);
		assertMoved(this.topic.seek(CONSUMER, id(0)), FIRST_KEPT);
		assertMoved(this.topic.seek(CONSUMER, id(1, 2)), FIRST_KEPT);
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).startsWith(6L);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void placeThatIsKeptMustBeAnsweredWithNothing(boolean durable) {
		open(durable);
		this.topic.trim(FIRST_KEPT, true);
		assertMoved(this.topic.seek(CONSUMER, id(2)), null);
		assertMoved(this.topic.seek(CONSUMER, id(2, 1)), null);
		assertMoved(this.topic.seek(CONSUMER, id(3)), null);
		assertMoved(this.topic.seek(CONSUMER, id(77)), null);
		assertMoved(this.topic.seek(CONSUMER, 0), null);
		assertMoved(this.topic.seek(CONSUMER, Long.MAX_VALUE), null);
	}

	@Test
	void timeOfWhatIsGoneMustBeAnsweredWithTheFirstThatIsKept() {
		open(true);
		assertMoved(this.topic.seek(CONSUMER, this.beginning), null);
		assertMoved(this.topic.seek(CONSUMER, 1), null);
		this.topic.trim(FIRST_KEPT, true);
		assertMoved(this.topic.seek(CONSUMER, this.beginning), FIRST_KEPT);
		long later = this.topic.now();
		this.topic.publish(PRODUCER, 12, 1);
		assertMoved(this.topic.seek(CONSUMER, later), null);
		this.topic.restart();
		open(true);
		assertMoved(this.topic.seek(CONSUMER, this.beginning), FIRST_KEPT);
	}

	@Test
	void messageThatGoesWhileASubscriptionIsMovedThereMustBeSaidToBeGone() {
		open(true);
		this.topic.holdStorage();
		long trimmed = this.topic.trim(FIRST_KEPT, true);
		long moved = this.topic.seek(CONSUMER, id(1));
		this.topic.releaseStorage();
		assertThat(this.topic.answer(trimmed)).isInstanceOf(Effect.Trimmed.class);
		assertMoved(moved, FIRST_KEPT);
	}

	private void assertMoved(long request, @Nullable Position firstKept) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Done.class,
				(done) -> assertThat(done.firstKept()).isEqualTo(firstKept));
	}

}
