package io.weir.client.internal.consumer;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AcknowledgeUpToTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@Test
	void onlyTheLastOfThoseGatheredIsSent() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b", "c");
		takeAll(consumer);
		CompletableFuture<Void> earlier = new CompletableFuture<>();
		CompletableFuture<Void> last = new CompletableFuture<>();
		consumer.messages().acknowledgeUpTo(id(0, 2), last);
		consumer.messages().acknowledgeUpTo(id(0, 1), earlier);
		assertThat(sent()).isEmpty();
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(sent()).containsExactly(id(0, 2));
		assertThat(earlier).isCompleted();
		assertThat(last).isCompleted();
	}

	/** Whose partition it is, is for the consumer of all partitions to say. */
	@ParameterizedTest
	@ValueSource(strings = { "0:0:0:8192", "unknown" })
	void idThatNoMessageCanHaveIsRefusedAtOnceAndHarmsNoOther(String id) {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		MessageId impossible = MessageId.parse(id);
		CompletableFuture<Void> stored = new CompletableFuture<>();
		consumer.messages().acknowledge(id(0, 0), stored);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> consumer.messages().acknowledge(impossible, null))
			.withMessageContaining(id);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> consumer.messages().acknowledgeUpTo(impossible, null))
			.withMessageContaining(id);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(stored).isCompleted();
	}

	@Test
	void isSentAgainAfterAReconnectAndThenConfirmed() {
		this.broker.hold(Frame.AcknowledgeUpTo.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b", "c");
		takeAll(consumer);
		CompletableFuture<Void> stored = new CompletableFuture<>();
		consumer.messages().acknowledgeUpTo(id(0, 1), stored);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		this.world.reconnect();
		assertThat(stored).isNotDone();
		this.broker.answerHeld();
		assertThat(stored).isCompleted();
		assertThat(sent()).containsExactly(id(0, 1), id(0, 1));
	}

	@Test
	void messagesBeforeAreNotGivenAgain() {
		this.broker.hold(Frame.AcknowledgeUpTo.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b", "c", "d");
		consumer.messages().acknowledgeUpTo(id(0, 1), null);
		this.world.reconnect();
		this.fixture.deliver(0, "a", "b", "c", "d");
		assertThat(values(takeAll(consumer))).containsExactly("c", "d");
	}

	/** Another consumer has moved the subscription while this one was away. */
	@Test
	void messageFromBeforeIsGivenIfTheBrokerDeliversItAllTheSame() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		consumer.messages().acknowledgeUpTo(id(0, 1), null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		this.world.reconnect();
		this.fixture.deliver(0, "a", "b");
		assertThat(values(takeAll(consumer))).containsExactly("a", "b");
	}

	@Test
	void messageGivenBackBeforeIsAcknowledgedAllTheSame() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW);
		this.fixture.redeliver(0, 1, "a");
		consumer.messages().acknowledgeUpTo(id(0, 1), null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(takeAll(consumer)).isEmpty();
	}

	@Test
	void messagesThatGoWithThoseBeforeGiveTheirPlacesBack() {
		this.fixture.receiverQueueSize = 1;
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		this.fixture.deliver(1, "b");
		takeAll(consumer);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW);
		this.fixture.redeliver(0, 1, "a");
		assertThat(this.fixture.granted()).isEqualTo(3);
		consumer.messages().acknowledgeUpTo(id(1, 0), null);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		assertThat(this.fixture.granted()).isEqualTo(4);
	}

	@ParameterizedTest
	@EnumSource(names = { "SHARED", "KEY_SHARED" })
	void sharedSubscriptionRefusesItAtOnce(SubscriptionType type) {
		this.fixture.type = type;
		ConsumerCore<String> consumer = this.fixture.open();
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> consumer.messages().acknowledgeUpTo(id(0, 0), null))
			.withMessageContaining("EXCLUSIVE or FAILOVER")
			.withMessageContaining(type.name())
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.INVALID_REQUEST);
	}

	private List<MessageId> sent() {
		return this.broker.frames(Frame.AcknowledgeUpTo.class).stream().map(Frame.AcknowledgeUpTo::id).toList();
	}

}
