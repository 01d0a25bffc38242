package io.weir.broker;

import java.util.List;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;
import io.weir.wire.RedeliveryPolicy;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the broker refuses over real QUIC, and what it ends. */
class BrokerRefusalsTest extends BrokerFixture {

	@Test
	void publishBeforeConnectMustBeRefused() {
		RawClient client = closing(new RawClient(start()));
		client.stream().request(new Frame.Publish(1, 0, 1, RawClient.batch("a")));
		assertEnded(client, ErrorCode.PROTOCOL_VIOLATION, "Publish came before CONNECT");
	}

	@Test
	void secondConnectMustEndTheConnection() {
		RawClient client = connect(start());
		client.control().request(new Frame.Connect("again", null));
		assertEnded(client, ErrorCode.PROTOCOL_VIOLATION, "CONNECT came twice");
	}

	@Test
	void frameThatOnlyTheBrokerSaysMustEndTheConnection() {
		RawClient client = connect(start());
		client.stream().request(new Frame.Ok());
		assertEnded(client, ErrorCode.PROTOCOL_VIOLATION, "Ok is for the broker to say");
	}

	@Test
	void garbageMustHarmOnlyItsConnection() {
		Broker broker = start();
		RawClient good = connect(broker);
		good.openProducer(1, "orders", "p", -1);
		RawClient bad = connect(broker);
		bad.openProducer(1, "orders", "q", -1);
		bad.stream().request(new Frame.Publish(1, 0, 3, Unpooled.wrappedBuffer(new byte[] { 1, 2, 3, 4, 5, 6, 7 })));
		await().until(() -> !bad.connection().isOpen() || !bad.stream().isOpen());
		assertThat(good.publish(1, 0, "a").duplicate()).isFalse();
		good.subscribe(1, "orders", "s", 10);
		assertThat(good.receive(1)).containsExactly("a");
	}

	@Test
	void namesThatAreNotAllowedMustBeRefusedClearly() {
		RawClient client = connect(start());
		assertRefused(client, new Frame.OpenProducer(1, "my topic", null, -1, AccessMode.SHARED),
				ErrorCode.INVALID_REQUEST, "Topic name 'my topic' is not allowed: 1 to 255 characters");
		assertRefused(client,
				new Frame.Subscribe(1, "t", " ", SubscriptionType.SHARED, InitialPosition.LATEST, "raw", true),
				ErrorCode.INVALID_REQUEST, "Subscription name ' ' is not allowed");
		assertRefused(client,
				new Frame.Subscribe(1, "t", "s", SubscriptionType.SHARED, InitialPosition.LATEST, "raw", true,
						ConsumerInstance.once(), new RedeliveryPolicy(0, BackoffRule.NONE, 1, "dead#1"), false),
				ErrorCode.INVALID_REQUEST, "it is that of partition 1 of topic 'dead'");
		assertRefused(client, new Frame.Publish(7, 0, 1, RawClient.batch("a")), ErrorCode.UNKNOWN_PRODUCER, "7");
		assertRefused(client, new Frame.Acknowledge(7, List.of(new Position(0, 0).message(0))),
				ErrorCode.UNKNOWN_CONSUMER, "7");
	}

	@Test
	void epochThatLeavesNoNextOneMustBeRefused() {
		RawClient client = connect(start());
		assertRefused(client, new Frame.OpenProducer(1, "t", "p", (1L << 62) - 2, AccessMode.SHARED),
				ErrorCode.INVALID_REQUEST, "A producer's epoch is at most");
		assertThat(client.openProducer(2, "t", "p", -1).epoch()).isZero();
	}

	private static void assertEnded(RawClient client, ErrorCode code, String words) {
		ProtocolException reason = client.connection().closed().toCompletableFuture().orTimeout(10, SECONDS).join();
		assertThat(reason.code()).isEqualTo(code);
		assertThat(reason).hasMessageContaining(words);
	}

}
