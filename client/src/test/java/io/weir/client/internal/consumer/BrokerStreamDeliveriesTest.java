package io.weir.client.internal.consumer;

import java.util.BitSet;

import org.junit.jupiter.api.Test;

import io.weir.transport.fakes.FakeStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What comes on streams that the broker opened. */
class BrokerStreamDeliveriesTest {

	private static final BitSet NONE = new BitSet();

	private final ConsumerFixture fixture = new ConsumerFixture();

	@Test
	void deliveriesReachTheirConsumerOnAnyStream() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(brokerStream(), 0, NONE, "a");
		this.fixture.deliver(brokerStream(), 1, NONE, "b");
		this.fixture.deliver(2, "c");
		assertThat(values(takeAll(consumer))).containsExactly("a", "b", "c");
	}

	@Test
	void deliveriesForNobodyAreDropped() {
		ConsumerCore<String> consumer = this.fixture.open();
		FakeStream stream = brokerStream();
		this.fixture.deliver(stream, 77, 0, NONE, "for nobody");
		assertThat(takeAll(consumer)).isEmpty();
		consumer.close();
		this.fixture.deliver(stream, 1, NONE, "too late");
		assertThat(takeAllOfClosed(consumer)).isEqualTo(ErrorCode.CLOSED);
	}

	@Test
	void consumerThatSubscribedAgainTakesNothingForItsEarlierNumber() {
		ConsumerCore<String> consumer = this.fixture.open();
		var first = this.fixture.world.broker().last(Frame.Subscribe.class);
		long earlier = ((Frame.Subscribe) first.frame()).consumerId();
		first.stream().end(null);
		this.fixture.world.timer().advance(java.time.Duration.ofSeconds(1));
		FakeStream stream = brokerStream();
		this.fixture.deliver(stream, earlier, 0, NONE, "earlier");
		this.fixture.deliver(stream, 0, NONE, "now");
		assertThat(values(takeAll(consumer))).containsExactly("now");
	}

	@Test
	void pingsAreAnswered() {
		this.fixture.open();
		brokerStream().say(3, new Frame.Ping(9));
		assertThat(this.fixture.world.broker().last(Frame.Pong.class)).satisfies((pong) -> {
			assertThat(pong.requestId()).isEqualTo(3);
			assertThat(pong.frame()).isEqualTo(new Frame.Pong(9));
		});
	}

	@Test
	void otherFramesAreAViolation() {
		this.fixture.open();
		FakeStream stream = brokerStream();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> stream.say(0, new Frame.Ok()))
			.withMessage("Ok must not come on a stream that the broker opened")
			.satisfies((violation) -> assertThat(violation.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
	}

	private FakeStream brokerStream() {
		return this.fixture.world.connection().openedByPeer();
	}

	private static ErrorCode takeAllOfClosed(ConsumerCore<String> consumer) {
		try {
			takeAll(consumer);
			return ErrorCode.NONE;
		}
		catch (ProtocolException ex) {
			return ex.code();
		}
	}

}
