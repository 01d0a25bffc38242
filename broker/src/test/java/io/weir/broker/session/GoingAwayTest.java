package io.weir.broker.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.broker.security.BrokerSecurity;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

class GoingAwayTest {

	private final Sessions sessions = new Sessions(
			new SessionSettings("broker", 1024, 1024, Budgets.unlimited(), BrokerSecurity.NONE), (topic, command) -> {
			}, new ClientSessions());

	private final List<Frame> said = new ArrayList<>();

	private final List<FrameStream> prioritised = new ArrayList<>();

	@Test
	void clientsAreToldAndNoOthersAreTaken() {
		connect();
		assertThat(this.said).hasExactlyElementsOfTypes(Frame.Connected.class);
		assertThat(this.sessions.drain().toCompletableFuture()).isCompleted();
		assertThat(this.said).hasExactlyElementsOfTypes(Frame.Connected.class, Frame.GoAway.class);
		connect();
		assertThat(this.said).hasSize(3)
			.last()
			.isEqualTo(new Frame.ErrorReply(ErrorCode.GOING_AWAY, "The broker is shutting down"));
	}

	/** Or its pings would wait behind deliveries. */
	@Test
	void whatIsSaidOnTheControlStreamGoesFirst() {
		Stream control = connect();
		assertThat(this.prioritised).containsExactly(control);
	}

	private Stream connect() {
		Stream stream = new Stream();
		StreamHandler handler = this.sessions.accept(new IdleConnection()).accept(stream);
		handler.onFrame(stream, 1, new Frame.Connect("client", null));
		return stream;
	}

	/** Notes what is said on it. */
	private final class Stream implements FrameStream {

		@Override
		public long id() {
			return 0;
		}

		@Override
		public Connection connection() {
			throw new UnsupportedOperationException();
		}

		@Override
		public CompletionStage<Void> write(long requestId, Frame frame) {
			GoingAwayTest.this.said.add(frame);
			return CompletableFuture.completedStage(null);
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public void setReading(boolean reading) {
		}

		@Override
		public void prioritise() {
			GoingAwayTest.this.prioritised.add(this);
		}

		@Override
		public void close() {
		}

		@Override
		public void reset(ErrorCode code) {
		}

	}

}
