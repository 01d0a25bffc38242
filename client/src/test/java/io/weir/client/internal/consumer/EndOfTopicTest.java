package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static org.assertj.core.api.Assertions.assertThat;

/** A reader is told when it has all that was stored. */
class EndOfTopicTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	private final List<Optional<MessageId>> told = new ArrayList<>();

	private boolean enough = true;

	private ConsumerCore<String> open() {
		this.fixture.readFrom = SeekTarget.EARLIEST;
		return this.fixture.open((last) -> {
			this.told.add(last);
			return this.enough;
		});
	}

	@Test
	void endOfAnEmptyTopicHasNoLastMessage() {
		open();
		assertThat(this.told).containsExactly(Optional.empty());
	}

	@Test
	void lastMessageBeforeTheEndIsTold() {
		this.broker.hold(Frame.AwaitEnd.class);
		open();
		this.fixture.deliver(0, "a", "b");
		assertThat(this.told).isEmpty();
		this.broker.answerHeld();
		assertThat(this.told).containsExactly(Optional.of(id(0, 1)));
		this.fixture.deliver(1, "c");
		this.world.reconnect();
		assertThat(this.told).as("it was enough").hasSize(1);
	}

	@Test
	void endIsAskedForAgainInTheNextSessionBehindThePlaceToGoOnAt() {
		this.enough = false;
		ConsumerCore<String> reader = open();
		this.fixture.deliver(0, "a", "b");
		takeAll(reader);
		this.world.reconnect();
		assertThat(this.told).containsExactly(Optional.empty(), Optional.empty());
		List<Class<?>> asked = new ArrayList<>();
		this.broker.frames(Frame.class).forEach((frame) -> asked.add(frame.getClass()));
		assertThat(asked.lastIndexOf(Frame.AwaitEnd.class)).isGreaterThan(asked.lastIndexOf(Frame.SeekId.class));
		this.enough = true;
		this.world.reconnect();
		this.world.reconnect();
		assertThat(this.told).hasSize(3);
	}

	@Test
	void endIsAskedForAgainWhenTheBrokerCannotTellNow() {
		this.broker.refuse(Frame.AwaitEnd.class, ErrorCode.OVERLOADED);
		open();
		assertThat(this.told).isEmpty();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.told).hasSize(1);
	}

	@Test
	void refusalForGoodEndsTheReader() {
		this.broker.refuse(Frame.AwaitEnd.class, ErrorCode.NOT_SUPPORTED);
		ConsumerCore<String> reader = open();
		assertThat(reader.closed()).isCompleted();
		assertThat(this.told).isEmpty();
	}

}
