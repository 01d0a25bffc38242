package io.weir.transport;

import java.net.InetSocketAddress;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakePeer;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static io.weir.transport.CarrierFixture.failure;
import static io.weir.transport.CarrierFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

/** Requests and heartbeats, whatever carries them. */
class RequestStreamTest {

	@Test
	void anErrorReplyMustFailTheRequestWithItsCode() {
		RequestStream stream = open((on, id, frame) -> on.say(id,
				new Frame.ErrorReply(ErrorCode.UNKNOWN_PRODUCER, "There is no producer 9")));
		ProtocolException failure = failure(stream.request(new Frame.CloseProducer(9)));
		assertThat(failure.code()).isEqualTo(ErrorCode.UNKNOWN_PRODUCER);
		assertThat(failure).hasMessage("There is no producer 9");
	}

	@Test
	void aPeerThatDoesNotAnswerMustTimeTheRequestOut() {
		RequestStream stream = open((on, id, frame) -> frame.release());
		ProtocolException failure = failure(stream.request(new Frame.Ok(), Duration.ofMillis(20)));
		assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
		assertThat(failure).hasMessageContaining("No answer to Ok");
		assertThat(stream.pendingRequests()).isZero();
	}

	@Test
	void theEndOfTheStreamMustFailWhatWaits() {
		RequestStream stream = open((on, id, frame) -> on.end(new ProtocolException(ErrorCode.OVERLOADED, "planted")));
		assertThat(failure(stream.request(new Frame.Ok())).code()).isEqualTo(ErrorCode.OVERLOADED);
		assertThat(stream.isOpen()).isFalse();
		assertThat(stream.endedInOrder()).isFalse();
	}

	@Test
	void aPeerThatRefusesPingsMustLoseTheConnectionForItsOwnReason() {
		RequestStream stream = open(
				(on, id, frame) -> on.say(id, new Frame.ErrorReply(ErrorCode.OVERLOADED, "No pings now")));
		Heartbeat.start(stream, Duration.ofMillis(20));
		ProtocolException reason = get(stream.stream().connection().closed());
		assertThat(reason.code()).isEqualTo(ErrorCode.OVERLOADED);
		assertThat(reason).hasMessageContaining("No pings now");
	}

	private static RequestStream open(FakePeer peer) {
		return get(RequestStream.open(FakeConnection.ofClient(new InetSocketAddress("127.0.0.1", 1),
				(stream) -> CarrierFixture::drop, peer)));
	}

}
