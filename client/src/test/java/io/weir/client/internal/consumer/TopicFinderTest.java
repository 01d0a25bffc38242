package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

class TopicFinderTest {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private final FakeWorld world = new FakeWorld();

	private final FakeBroker broker = this.world.broker();

	private final List<Set<String>> found = new ArrayList<>();

	private final List<ErrorCode> refused = new ArrayList<>();

	private final TopicFinder finder = new TopicFinder("*", "s", this.world.manager(), this.world.timer(), INTERVAL);

	@AfterEach
	void end() {
		this.finder.close();
		this.world.manager().close();
		this.world.timer().advance(Duration.ofMinutes(1));
	}

	private void open() {
		this.world.manager().start();
		this.finder.open(this.found::add, (cause) -> this.refused.add(cause.code()));
	}

	@Test
	void brokerThatCannotSearchRefusesForGood() {
		this.broker.refuse(Frame.FindTopics.class, ErrorCode.NOT_SUPPORTED);
		open();
		assertThat(this.refused).containsExactly(ErrorCode.NOT_SUPPORTED);
		this.world.timer().advance(INTERVAL.multipliedBy(2));
		assertThat(this.broker.frames(Frame.FindTopics.class)).hasSize(1);
	}

	@Test
	void streamThatEndsIsNoRefusal() {
		this.broker.hold(Frame.FindTopics.class);
		open();
		this.broker.takeHeld().stream().end(new ProtocolException(ErrorCode.FRAME_TOO_LARGE, "by the test"));
		assertThat(this.refused).isEmpty();
		this.world.timer().advance(INTERVAL);
		this.broker.takeHeld().answer(new Frame.Topics(List.of("a", "b"), null));
		assertThat(this.found).containsExactly(Set.of("a", "b"));
	}

}
