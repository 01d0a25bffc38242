package io.weir.client.internal.connection;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.weir.transport.fakes.FakeConnection;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing comes from the broker, though an answer is awaited. */
class SilentConnectionTest extends ConnectionManagerFixture {

	@Test
	void silentBrokerIsLeftForAnotherConnectionOnceThatAnswers() {
		this.manager.register(this.user);
		this.manager.start();
		this.world.broker().hold(Frame.Connect.class);
		FakeConnection first = this.world.connection();
		first.fallSilent();
		assertThat(this.manager.state()).isInstanceOf(LinkState.Doubtful.class);
		assertThat(this.manager.lastFailure()).hasMessageContaining("has not answered");
		assertThat(this.told).containsExactly("up");
		assertThat(this.world.connections()).hasSize(2);
		this.world.broker().answerHeld();
		assertThat(this.told).containsExactly("up", "down CONNECTION_LOST", "up");
		assertThat(first.isOpen()).isFalse();
		assertThat(this.manager.lastFailure()).isNull();
		assertThat(this.world.timer().scheduled()).isZero();
	}

	@Test
	void brokerThatAnswersAgainKeepsItsConnectionAndTheOtherIsDropped() {
		this.manager.register(this.user);
		this.manager.start();
		this.world.broker().hold(Frame.Connect.class);
		FakeConnection first = this.world.connection();
		first.fallSilent();
		first.answerAgain();
		assertThat(this.manager.state()).isInstanceOf(LinkState.Ready.class);
		assertThat(this.manager.lastFailure()).isNull();
		this.world.broker().answerHeld();
		assertThat(this.told).containsExactly("up");
		assertThat(this.world.connections()).extracting(FakeConnection::isOpen).containsExactly(true, false);
		assertThat(this.world.timer().scheduled()).isZero();
	}

	@Test
	void attemptsBesideASilentConnectionFollowEachOtherUntilOneSucceeds() {
		this.manager.start();
		this.world.reachable(false);
		this.world.connection().fallSilent();
		this.world.timer().advance(Duration.ofMillis(3500));
		assertThat(this.world.attempts()).hasSize(1 + 4);
		assertThat(this.manager.state()).isInstanceOf(LinkState.Doubtful.class);
		this.world.reachable(true);
		this.world.timer().advance(Duration.ofMillis(500));
		assertThat(this.manager.state()).isInstanceOf(LinkState.Ready.class);
		this.world.timer().advance(Duration.ofMinutes(1));
		assertThat(this.world.connections()).hasSize(2);
	}

	@Test
	void connectionBesideOneThatIsLostIsUsedAtOnce() {
		this.manager.register(this.user);
		this.manager.start();
		this.world.broker().hold(Frame.Connect.class);
		this.world.connection().fallSilent();
		this.world.connections().get(0).breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(this.told).containsExactly("up", "down CONNECTION_LOST");
		this.world.broker().answerHeld();
		assertThat(this.told).containsExactly("up", "down CONNECTION_LOST", "up");
		this.world.timer().advance(Duration.ofMinutes(1));
		assertThat(this.world.connections()).hasSize(2);
	}

}
