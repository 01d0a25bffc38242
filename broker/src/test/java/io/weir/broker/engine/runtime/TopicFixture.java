package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test of a topic's core, and what is often asked about it. After each test the topic
 * is closed, and all buffers must have been released.
 */
public abstract class TopicFixture {

	protected static final Peer PRODUCER = new Peer(1, 1);

	protected final TopicHarness topic = new TopicHarness();

	@AfterEach
	void buffersMustBeReleased() {
		assertThat(this.topic.close()).as("buffers not released").isZero();
	}

	/** Publishes entries of so many messages each, with sequence ids from 0. */
	protected void publishEntries(int entries, int messages) {
		for (int i = 0; i < entries; i++) {
			this.topic.publish(PRODUCER, (long) messages * i, messages);
		}
	}

	/** The sequence ids of what was delivered to a consumer since the last time. */
	protected List<Long> sequences(Peer consumer) {
		return new ArrayList<>(this.topic.deliveries(consumer).stream().map(Delivery::sequence).toList());
	}

	protected void assertDone(long request) {
		assertThat(this.topic.answer(request)).isInstanceOf(Effect.Done.class);
	}

	protected void assertOpened(long request, long epoch) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.ProducerOpened.class,
				(opened) -> assertThat(opened.epoch()).isEqualTo(epoch));
	}

	protected void assertRefused(long request, ErrorCode code, String... words) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(code);
			assertThat(List.of(words)).allSatisfy((word) -> assertThat(refused.reason()).contains(word));
		});
	}

	/** The first message of an entry. */
	protected static MessageId id(long entry) {
		return id(entry, 0);
	}

	protected static MessageId id(long entry, int index) {
		return new Position(0, entry).message(index);
	}

}
