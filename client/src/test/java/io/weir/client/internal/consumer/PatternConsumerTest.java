package io.weir.client.internal.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.client.internal.fakes.LogCapture;
import io.weir.message.InitialPosition;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

/** A consumer of a pattern, when not all goes well. */
class PatternConsumerTest {

	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	private final PatternConsumer<String> consumer = new PatternConsumer<>(
			this.fixture.settings("*").ofTopic("*", InitialPosition.LATEST),
			new TopicFinder("*", "subscription", this.world.manager(), this.world.timer(), INTERVAL),
			this.fixture::core);

	@BeforeEach
	void start() {
		this.broker.hold(Frame.FindTopics.class);
		this.world.manager().start();
	}

	private void found(String... topics) {
		this.broker.takeHeld().answer(new Frame.Topics(List.of(topics), null));
	}

	private void foundLater(String... topics) {
		this.world.timer().advance(INTERVAL);
		found(topics);
	}

	private static ProtocolException failure(CompletableFuture<?> future) {
		assertThat(future).isCompletedExceptionally();
		return future.handle((done, failure) -> Failures.of(failure)).join();
	}

	@Test
	void whoSubscribesIsToldInTimeThatThereIsNoBroker() {
		this.world.reachable(false);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<?> opened = this.consumer.open();
		this.world.timer().advance(ConsumerCore.SUBSCRIBE_TIMEOUT.minusMillis(1));
		assertThat(opened).isNotDone();
		this.world.timer().advance(Duration.ofMillis(1));
		assertThat(failure(opened).code()).isEqualTo(ErrorCode.TIMEOUT);
		assertThat(failure(opened)).hasMessageContaining("Topics that match '*' were not found within 30000 ms")
			.hasMessageContaining("UNREACHABLE");
		assertThat(this.consumer.closed()).isCompleted();
	}

	@Test
	void whoSubscribesIsToldInTimeWhyNoTopicsAreFound() {
		CompletableFuture<?> opened = this.consumer.open();
		for (int i = 0; i < 3; i++) {
			this.broker.takeHeld().refuse(ErrorCode.INTERNAL);
			this.world.timer().advance(INTERVAL);
		}
		assertThat(failure(opened)).hasMessageContaining("the last failure was INTERNAL: refused by the test");
	}

	@Test
	void topicsThatTakeTheirTimeAreNotTakenForNotFound() {
		this.consumer.open();
		found("a");
		this.world.timer().advance(ConsumerCore.SUBSCRIBE_TIMEOUT);
		assertThat(this.consumer.closed()).isNotDone();
	}

	@Test
	void topicsAreMovedToATimeThoughNoneIsFoundYet() {
		this.consumer.openInBackground();
		CompletableFuture<Void> moved = this.consumer.seek(SeekTarget.at(Instant.EPOCH));
		assertThat(moved).isNotDone();
		found("a", "b");
		assertThat(moved).isCompleted();
		assertThat(this.broker.frames(Frame.SeekTime.class)).hasSize(2);
	}

	@Test
	void subscriptionsAreRemovedThoughNoTopicIsFoundYet() {
		this.consumer.openInBackground();
		CompletableFuture<Void> removed = this.consumer.unsubscribe();
		assertThat(removed).isNotDone();
		found("a", "b");
		assertThat(removed).isCompleted();
		assertThat(this.broker.frames(Frame.Unsubscribe.class)).hasSize(2);
	}

	@Test
	void whatIsNotRemovedGoesOnAndNewTopicsAreFound() {
		this.consumer.openInBackground();
		found("a");
		this.broker.refuse(Frame.Unsubscribe.class, ErrorCode.SUBSCRIPTION_BUSY);
		assertThat(failure(this.consumer.unsubscribe()).code()).isEqualTo(ErrorCode.SUBSCRIPTION_BUSY);
		foundLater("a", "b");
		assertThat(this.broker.frames(Frame.Subscribe.class)).extracting(Frame.Subscribe::topic)
			.containsExactly("a", "b");
		assertThat(this.consumer.isConnected()).isTrue();
		assertThat(this.consumer.unsubscribe()).isCompleted();
	}

	@Test
	void subscriptionThatWasRemovedIsNotMadeAgainBecauseAnotherWasNot() {
		this.consumer.openInBackground();
		found("a", "b");
		this.broker.refuse(Frame.Unsubscribe.class, ErrorCode.SUBSCRIPTION_BUSY);
		assertThat(this.consumer.unsubscribe()).isCompletedExceptionally();
		foundLater("a", "b");
		assertThat(this.broker.frames(Frame.Subscribe.class)).hasSize(2);
		assertThat(this.consumer.isConnected()).isTrue();
		assertThat(this.consumer.unsubscribe()).isCompleted();
		assertThat(this.broker.frames(Frame.Unsubscribe.class)).hasSize(3);
	}

	@Test
	void noTopicIsSubscribedToWhileSubscriptionsAreRemoved() {
		this.consumer.openInBackground();
		found("a");
		this.world.timer().advance(INTERVAL);
		FakeBroker.Received search = this.broker.takeHeld();
		this.broker.hold(Frame.Unsubscribe.class);
		this.consumer.unsubscribe();
		search.answer(new Frame.Topics(List.of("a", "b"), null));
		assertThat(this.broker.frames(Frame.Subscribe.class)).hasSize(1);
	}

	@Test
	void topicThatIsRefusedIsAskedForWithEachSearch() {
		this.consumer.openInBackground();
		this.broker.refuse(Frame.Subscribe.class, ErrorCode.SUBSCRIPTION_TYPE_MISMATCH);
		found("a");
		assertThat(this.consumer.isConnected()).isFalse();
		try (LogCapture log = new LogCapture(PatternConsumer.class)) {
			foundLater("a");
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN Topic 'a' is not consumed")
				.contains("asks again with each search", "refused by the test");
		}
		assertThat(this.consumer.isConnected()).isTrue();
		assertThat(this.broker.frames(Frame.Subscribe.class)).extracting(Frame.Subscribe::initialPosition)
			.containsExactly(InitialPosition.LATEST, InitialPosition.LATEST);
		foundLater("a");
		assertThat(this.broker.frames(Frame.Subscribe.class)).hasSize(2);
	}

	@Test
	void topicThatIsRefusedKeepsNoOtherFromBeingRemoved() {
		this.consumer.openInBackground();
		this.broker.refuse(Frame.Subscribe.class, ErrorCode.SUBSCRIPTION_TYPE_MISMATCH);
		found("a", "b");
		assertThat(this.consumer.unsubscribe()).isCompleted();
		assertThat(this.broker.frames(Frame.Unsubscribe.class)).hasSize(1);
	}

}
