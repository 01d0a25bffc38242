package io.weir.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What exceeds a limit that does not depend on what else goes on is counted. */
class ProtocolRefusalsTest extends BrokerFixture {

	private static final int MAX_MESSAGE_SIZE = 2048;

	private final Broker broker = start(Broker.builder().port(0).maxMessageSize(MAX_MESSAGE_SIZE));

	private final RawClient client = connect(this.broker);

	@Test
	void whatIsLargerThanTheBrokerTakesMustBeCounted() {
		this.client.openProducer(1, "t", "p", -1);
		assertRefused(this.client, new Frame.Publish(1, 0, 1, RawClient.batch("x".repeat(MAX_MESSAGE_SIZE))),
				ErrorCode.MESSAGE_TOO_LARGE, "the broker takes at most 2048");
		assertThat(this.broker.stats().protocol()).isEqualTo(new BrokerStats.ProtocolStats(1, 0));
		this.client.openStream().send(new Frame.Fragment(1 << 20, Unpooled.buffer().writeZero(Limits.MIN_FRAGMENT)));
		await().untilAsserted(
				() -> assertThat(this.broker.stats().protocol()).isEqualTo(new BrokerStats.ProtocolStats(2, 0)));
	}

	@Test
	void namesThatAreTooLongMustBeCountedAndOthersThatAreNotAllowedNot() {
		assertRefused(this.client, new Frame.OpenProducer(1, "t".repeat(256), null, -1, AccessMode.SHARED),
				ErrorCode.INVALID_REQUEST, "1 to 255 characters");
		assertRefused(this.client, subscribe("s".repeat(256)), ErrorCode.INVALID_REQUEST, "at most 255 characters");
		assertRefused(this.client, subscribe(" "), ErrorCode.INVALID_REQUEST, "must not be blank");
		assertThat(this.broker.stats().protocol()).isEqualTo(new BrokerStats.ProtocolStats(0, 2));
	}

	@Test
	void requestThatCannotBeReadBecauseOfTheLengthOfANameMustBeCounted() {
		RequestStream stream = this.client.openStream();
		// OPEN_PRODUCER of request 1 for producer 1, with the length of a topic's name.
		ByteBuf request = Unpooled.buffer().writeBytes(new byte[] { 0x20, 1, 1 }).writeShort(0x4000 + 1025);
		stream.send(new Frame.Fragment(0, request.writeZero(1025)));
		await().until(() -> !stream.isOpen());
		await().untilAsserted(
				() -> assertThat(this.broker.stats().protocol()).isEqualTo(new BrokerStats.ProtocolStats(0, 1)));
	}

	private static Frame subscribe(String subscription) {
		return new Frame.Subscribe(1, "t", subscription, SubscriptionType.SHARED, InitialPosition.LATEST, "raw", true);
	}

}
