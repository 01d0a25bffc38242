package io.weir.client.internal.connection;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeWorld;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

/** A broker says that it goes away. */
class BrokerGoesAwayTest extends ConnectionManagerFixture {

	@Test
	void brokerThatGoesAwayIsLeftWhenItClosesTheConnection() {
		this.manager.register(this.user);
		this.manager.start();
		this.world.connection().control().say(0, new Frame.GoAway(ErrorCode.GOING_AWAY, "restart"));
		assertThat(this.manager.state()).isInstanceOf(LinkState.Draining.class);
		this.manager.register(new SessionUser() {

			@Override
			public void sessionUp(BrokerSession session) {
				BrokerGoesAwayTest.this.told.add("second up");
			}

			@Override
			public void sessionDown(BrokerSession session, ProtocolException cause) {
			}

		});
		assertThat(this.told).containsExactly("up");
		this.world.connection().breakDown(ErrorCode.GOING_AWAY);
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.told).containsExactly("up", "down GOING_AWAY", "up", "second up");
	}

	@Test
	void brokerThatGoesAwayAndStaysIsLeftInTheEnd() {
		this.manager.start();
		this.world.connection().control().say(0, new Frame.GoAway(ErrorCode.GOING_AWAY, "restart"));
		this.world.timer().advance(Duration.ofSeconds(31));
		assertThat(this.manager.state()).isInstanceOf(LinkState.Ready.class);
		assertThat(this.world.connections()).hasSize(2);
	}

	@Test
	void brokerThatGoesAwayIsLeftForAnotherAddressBeforeItEnds() {
		FakeWorld two = twoBrokers();
		two.manager().register(this.user);
		two.manager().start();
		goAway(two);
		assertThat(two.connections()).extracting((connection) -> text(connection.remoteAddress()))
			.containsExactly("one/10.0.0.1:1", "two/10.0.1.1:2");
		assertThat(this.told).containsExactly("up", "down GOING_AWAY", "up");
		assertThat(two.states()).containsExactly("Connecting", "Ready", "Draining", "Ready");
		assertThat(two.connections().get(0).isOpen()).isFalse();
		assertThat(two.manager().lastFailure()).isNull();
		two.timer().advance(Duration.ofMinutes(1));
		assertThat(two.connection().isOpen()).isTrue();
		assertThat(two.connections()).hasSize(2);
	}

	@Test
	void brokerThatGoesAwayIsKeptUntilAnotherOneAnswers() {
		FakeWorld two = twoBrokers();
		two.reachable("10.0.1.1", 2, false);
		two.manager().register(this.user);
		two.manager().start();
		goAway(two);
		two.timer().advance(Duration.ofMillis(350));
		assertThat(two.manager().state()).isInstanceOf(LinkState.Draining.class);
		assertThat(two.manager().lastFailure()).hasMessage("restart");
		assertThat(this.told).containsExactly("up");
		assertThat(two.attempts()).extracting(BrokerGoesAwayTest::text)
			.containsExactly("one/10.0.0.1:1", "two/10.0.1.1:2", "two/10.0.1.1:2", "two/10.0.1.1:2");
		two.reachable("10.0.1.1", 2, true);
		two.timer().advance(Duration.ofSeconds(1));
		assertThat(this.told).containsExactly("up", "down GOING_AWAY", "up");
		assertThat(two.manager().state()).isInstanceOf(LinkState.Ready.class);
	}

	@Test
	void brokerThatEndsWhileTheClientMovesIsAwaitedElsewhere() {
		FakeWorld two = twoBrokers();
		two.manager().register(this.user);
		two.manager().start();
		two.broker().hold(Frame.Connect.class);
		goAway(two);
		two.connections().get(0).breakDown(ErrorCode.GOING_AWAY);
		assertThat(two.manager().state()).isInstanceOf(LinkState.Connecting.class);
		assertThat(this.told).containsExactly("up", "down GOING_AWAY");
		two.broker().answerHeld();
		two.timer().advance(Duration.ofMinutes(1));
		assertThat(this.told).containsExactly("up", "down GOING_AWAY", "up");
		assertThat(two.connections()).hasSize(2);
	}

	@Test
	void brokerThatEndsBeforeAnotherOneAnswersIsTriedAgainAsWell() {
		FakeWorld two = twoBrokers();
		two.reachable("10.0.1.1", 2, false);
		two.manager().start();
		goAway(two);
		two.connection().breakDown(ErrorCode.GOING_AWAY);
		assertThat(two.manager().state()).isInstanceOf(LinkState.BackingOff.class);
		two.timer().advance(Duration.ofSeconds(1));
		assertThat(text(two.connection().remoteAddress())).isEqualTo("one/10.0.0.1:1");
		assertThat(two.states()).containsExactly("Connecting", "Ready", "Draining", "BackingOff", "Connecting",
				"Ready");
	}

	@Test
	void closeWhileMovingClosesBothConnections() {
		FakeWorld two = twoBrokers();
		two.manager().start();
		two.broker().hold(Frame.Connect.class);
		goAway(two);
		assertThat(two.manager().close().toCompletableFuture()).isCompleted();
		two.broker().answerHeld();
		two.timer().advance(Duration.ofMinutes(1));
		assertThat(two.connections()).hasSize(2).noneMatch((connection) -> connection.isOpen());
		assertThat(two.timer().scheduled()).isZero();
	}

}
