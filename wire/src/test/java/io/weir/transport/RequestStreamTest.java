package io.weir.transport;

import java.net.InetSocketAddress;
import java.time.Duration;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakePeer;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.BatchEncoding;
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
	void anAnswerThatNobodyAwaitsMustBeReleased() {
		RequestStream stream = open((on, id, frame) -> frame.release());
		Frame.Publish late = publish();
		((FakeStream) stream.stream()).say(77, late);
		assertThat(late.batch().refCnt()).isZero();
	}

	@Test
	void aRequestOnAStreamThatHasEndedMustBeReleased() {
		RequestStream stream = open((on, id, frame) -> frame.release());
		((FakeStream) stream.stream()).end(null);
		Frame.Publish request = publish();
		assertThat(failure(stream.request(request)).code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(request.batch().refCnt()).isZero();
	}

	@Test
	void aStreamWhosePeerDoesNotAnswerAPingMustNotBeLent() {
		StreamLifecycle lifecycle = new StreamLifecycle(connection((on, id, frame) -> frame.release()),
				Duration.ofMillis(20));
		RequestStream stream = get(lifecycle.create());
		assertThat(stream.isOpen()).isTrue();
		assertThat(get(lifecycle.validate(stream))).isFalse();
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

	private static Frame.Publish publish() {
		ByteBuf batch = Unpooled.buffer().writeByte(1);
		return new Frame.Publish(1, 0, 1, BatchEncoding.plain(batch), batch);
	}

	private static RequestStream open(FakePeer peer) {
		return get(RequestStream.open(connection(peer)));
	}

	private static FakeConnection connection(FakePeer peer) {
		return FakeConnection.ofClient(new InetSocketAddress("127.0.0.1", 1), (stream) -> CarrierFixture::drop, peer);
	}

}
