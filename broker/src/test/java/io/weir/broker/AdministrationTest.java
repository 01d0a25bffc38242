package io.weir.broker;

import java.time.Instant;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import io.weir.broker.RawClient.Received;
import io.weir.message.MessageIds;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the application does that a broker runs in, without a connection. */
class AdministrationTest extends BrokerFixture {

	private final Broker broker = start();

	private final RawClient client = connect(this.broker);

	@Test
	void subscriptionMustBeMovedThoughNobodyIsConnected() {
		publish("a", "b", "c");
		Received last = consumeAll("s");
		this.broker.seek("orders", "s", last.id());
		this.client.subscribe(2, "orders", "s", 10);
		assertThat(this.client.receive(1)).containsExactly("c");
		this.client.ask(new Frame.CloseConsumer(2));
		this.broker.seek("orders", "s", Instant.EPOCH);
		this.client.subscribe(3, "orders", "s", 10);
		assertThat(this.client.receive(3)).containsExactly("a", "b", "c");
	}

	@Test
	void consumersMustBeToldThatTheirSubscriptionWasMoved() {
		publish("a");
		this.client.subscribe(1, "orders", "s", 10);
		Received first = this.client.receive();
		this.broker.seek("orders", "s", first.id());
		assertThat(this.client.pushed()).isInstanceOfSatisfying(Frame.ConsumerClosed.class, (closed) -> {
			assertThat(closed.consumerId()).isOne();
			assertThat(closed.code()).isEqualTo(ErrorCode.SUBSCRIPTION_MOVED);
		});
		this.client.subscribe(2, "orders", "s", 10);
		assertThat(this.client.receive(1)).containsExactly("a");
	}

	@Test
	void subscriptionMustBeDeletedWhenNobodyIsConnected() {
		this.client.subscribe(1, "orders", "s", 10);
		assertRefused(() -> this.broker.deleteSubscription("orders", "s"), ErrorCode.SUBSCRIPTION_BUSY,
				"has consumers");
		this.client.ask(new Frame.CloseConsumer(1));
		this.broker.deleteSubscription("orders", "s");
		assertThat(this.broker.topic("orders"))
			.hasValueSatisfying((topic) -> assertThat(topic.subscriptions()).isEmpty());
	}

	@Test
	void whatThereIsNotMustNotBeMade() {
		assertRefused(() -> this.broker.deleteSubscription("orders", "s"), ErrorCode.NOT_FOUND,
				"There is no topic 'orders'");
		assertThat(this.broker.topic("orders")).isEmpty();
		publish("a");
		assertRefused(() -> this.broker.seek("orders", "s", Instant.EPOCH), ErrorCode.NOT_FOUND,
				"has no subscription 's'");
	}

	@Test
	void whatCannotBeMeantMustBeRefused() {
		assertRefused(() -> this.broker.seek("orders", "s", MessageIds.of(1, 0, 0, 0)), ErrorCode.INVALID_REQUEST,
				"partition 1");
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> this.broker.deleteSubscription("no topic", "s"));
		Broker closed = Broker.builder().port(0).build();
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> closed.deleteSubscription("orders", "s"));
	}

	private void publish(String... messages) {
		this.client.openProducer(1, "orders", "p", -1);
		for (int i = 0; i < messages.length; i++) {
			this.client.publish(1, i, messages[i]);
		}
	}

	/** Acknowledges all three messages, and leaves. */
	private Received consumeAll(String subscription) {
		this.client.subscribe(1, "orders", subscription, 10);
		Received last = this.client.receive();
		this.client.acknowledge(1, last.id());
		for (int i = 0; i < 2; i++) {
			last = this.client.receive();
			this.client.acknowledge(1, last.id());
		}
		this.client.ask(new Frame.CloseConsumer(1));
		return last;
	}

	private static void assertRefused(ThrowingCallable call, ErrorCode code, String words) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(call)
			.withMessageContaining(words)
			.extracting(ProtocolException::code)
			.isEqualTo(code);
	}

}
