package io.weir.broker.session;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.security.BrokerSecurity;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

class GoingAwayTest {

	private final Sessions sessions = new Sessions(
			new SessionSettings("broker", 1024, 1024, Budgets.unlimited(), BrokerSecurity.NONE), (topic, command) -> {
			}, new ClientSessions());

	@AfterEach
	void close() {
		this.sessions.close();
	}

	@Test
	void clientsAreToldAndNoOthersAreTaken() {
		FakeStream control = connect();
		assertThat(control.said()).hasExactlyElementsOfTypes(Frame.Connected.class);
		assertThat(this.sessions.drain().toCompletableFuture()).isCompleted();
		assertThat(control.said()).hasExactlyElementsOfTypes(Frame.Connected.class, Frame.GoAway.class);
		assertThat(connect().said())
			.containsExactly(new Frame.ErrorReply(ErrorCode.GOING_AWAY, "The broker is shutting down"));
	}

	/** Or its pings would wait behind deliveries. */
	@Test
	void whatIsSaidOnTheControlStreamGoesFirst() {
		assertThat(connect().isPrioritised()).isTrue();
	}

	private FakeStream connect() {
		FakeStream stream = FakeConnection.ofServer(this.sessions).openedByPeer();
		stream.say(1, new Frame.Connect("client", null));
		return stream;
	}

}
