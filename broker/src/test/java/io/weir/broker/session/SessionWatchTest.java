package io.weir.broker.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.security.BrokerSecurity;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.transport.StreamHandler;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

/** Dead sessions end by the broker's own clock. */
class SessionWatchTest {

	/** So long that only the test looks. */
	private static final Duration TIMEOUT = Duration.ofHours(1);

	private final List<Command> commands = new ArrayList<>();

	private final Budgets budgets = Budgets.unlimited();

	private final Sessions sessions = new Sessions(
			new SessionSettings("broker", 1024, 1024, this.budgets, BrokerSecurity.NONE),
			(topic, command) -> this.commands.add(command), new ClientSessions());

	private final FakeConnection connection = new FakeConnection();

	private final FakeStream control = new FakeStream(0);

	private final StreamHandler session = this.sessions.accept(this.connection).accept(this.control);

	private long now = System.nanoTime();

	@BeforeEach
	void connect() {
		this.session.onFrame(this.control, 1, new Frame.Connect("client", null));
		this.session.onFrame(this.control, 2,
				new Frame.Subscribe(1, "t", "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "c", true));
		this.commands.clear();
		look(1);
	}

	@AfterEach
	void close() {
		this.sessions.close();
	}

	@Test
	void sessionOfWhichNothingIsHeardMustEndThoughItsConnectionDoesNot() {
		this.connection.hang();
		look(SessionWatch.LOOKS - 1);
		assertThat(this.commands).isEmpty();
		look(1);
		assertThat(this.commands).hasExactlyElementsOfTypes(Command.SessionEnded.class);
		assertThat(this.sessions.count()).isZero();
		assertThat(this.connection.closedWith()).isEqualTo(ErrorCode.HEARTBEAT_TIMEOUT);
		assertThat(this.budgets.of(BrokerLimit.SESSION_TIMEOUT).refused()).isOne();
	}

	@Test
	void anythingThatIsHeardMustKeepTheSession() {
		for (int i = 0; i < 5; i++) {
			look(SessionWatch.LOOKS - 1);
			this.session.onFrame(this.control, 3, new Frame.Ping(1));
		}
		assertThat(this.sessions.count()).isOne();
		assertThat(this.connection.closedWith()).isNull();
	}

	@Test
	void whatASessionThatHasEndedStillSaysMustDisturbNobody() {
		look(SessionWatch.LOOKS);
		this.commands.clear();
		this.session.onFrame(this.control, 4, new Frame.Flow(1, 1));
		this.session.onFrame(this.control, 5,
				new Frame.Subscribe(2, "t", "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "c", true));
		assertThat(this.commands).isEmpty();
	}

	@Test
	void clientsMustBeAskedWhenTheBrokerStoodStillAndEndedSoonIfTheyDoNotAnswer() {
		lookAfter(TIMEOUT.multipliedBy(10));
		assertThat(this.control.said()).last().isInstanceOf(Frame.Ping.class);
		look(SessionWatch.GRACE - 1);
		assertThat(this.sessions.count()).isOne();
		look(1);
		assertThat(this.sessions.count()).isZero();
	}

	@Test
	void clientThatAnswersWhenTheBrokerStoodStillMustKeepItsSession() {
		lookAfter(TIMEOUT.multipliedBy(10));
		this.session.onFrame(this.control, 0, new Frame.Pong(1));
		look(SessionWatch.LOOKS);
		assertThat(this.sessions.count()).isOne();
	}

	private void look(int times) {
		for (int i = 0; i < times; i++) {
			lookAfter(this.sessions.watch().interval());
		}
	}

	private void lookAfter(Duration time) {
		this.now += time.toNanos();
		this.sessions.watch().look(this.now);
	}

}
