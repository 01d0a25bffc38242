package io.weir.client.internal.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakePool;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionManagerTest extends ConnectionManagerFixture {

	@Test
	void sessionIsUpOnceTheBrokerHasAnswered() {
		this.world.broker().hold(Frame.Connect.class);
		this.manager.start();
		assertThat(this.manager.state()).isInstanceOf(LinkState.Connecting.class);
		assertThat(this.manager.connected().toCompletableFuture()).isNotDone();
		this.world.broker().answerHeld();
		assertThat(this.manager.state()).isInstanceOf(LinkState.Ready.class);
		assertThat(this.manager.connected().toCompletableFuture()).isCompleted();
		assertThat(this.manager.lastFailure()).isNull();
	}

	@Test
	void brokerThatDoesNotAnswerConnectIsNamed() {
		FakeWorld silent = new FakeWorld("weir://broker:1", Duration.ofMillis(1));
		silent.broker().hold(Frame.Connect.class);
		silent.manager().start();
		assertThat(silent.manager().connected().toCompletableFuture()).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withMessageContaining("No answer to CONNECT within 1 ms");
	}

	@Test
	void usersAreToldOfEverySession() {
		this.manager.register(this.user);
		this.manager.start();
		this.world.reconnect();
		assertThat(this.told).containsExactly("up", "down CONNECTION_LOST", "up");
		this.manager.unregister(this.user);
		this.world.reconnect();
		assertThat(this.told).hasSize(3);
	}

	/** A consumer may just be opened, or end, while its client is closed. */
	@Test
	void usersMayComeAndGoAfterTheTimerHasEnded() {
		this.manager.register(this.user);
		this.manager.start();
		this.world.timer().end();
		this.manager.unregister(this.user);
		assertThat(this.manager.users()).isZero();
		this.manager.register(this.user);
		assertThat(this.manager.close().toCompletableFuture()).isCompleted();
		assertThat(this.told).containsExactly("up", "up", "down CLOSED");
	}

	@Test
	void attemptsAreSpacedByABackOffThatDoublesUpToItsMaximum() {
		this.world.reachable(false);
		this.manager.start();
		List<Long> gaps = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			assertThat(this.manager.state()).isInstanceOf(LinkState.BackingOff.class);
			gaps.add(((LinkState.BackingOff) this.manager.state()).delay().toMillis());
			this.world.timer().advance(((LinkState.BackingOff) this.manager.state()).delay());
		}
		assertThat(gaps).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10000L, 10000L);
		assertThat(this.world.attempts()).hasSize(10);
	}

	@Test
	void clientThatFindsNoThreadToConnectTriesAgain() {
		this.world.failThreads(2);
		this.manager.start();
		assertThat(this.manager.state()).isInstanceOf(LinkState.BackingOff.class);
		assertThat(this.manager.lastFailure()).hasMessageContaining("unable to create native thread");
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.manager.state()).isInstanceOf(LinkState.Ready.class);
	}

	@Test
	void failureIsHeldUntilTheNextSessionIsUp() {
		this.world.failConnects(ErrorCode.UNREACHABLE);
		this.manager.start();
		assertThat(this.manager.connected().toCompletableFuture()).isCompletedExceptionally();
		assertThat(this.manager.lastFailure()).isNotNull()
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.UNREACHABLE);
		this.world.timer().advance(Duration.ofMillis(100));
		assertThat(this.manager.state()).isInstanceOf(LinkState.Ready.class);
		assertThat(this.manager.lastFailure()).isNull();
	}

	@Test
	void failureThatDoesNotGoAwayByItselfIsRetriedSlowly() {
		this.world.failConnects(ErrorCode.UNTRUSTED_CERTIFICATE);
		this.manager.start();
		this.world.timer().advance(Duration.ofSeconds(9));
		assertThat(this.world.attempts()).hasSize(1);
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.manager.state()).isInstanceOf(LinkState.Ready.class);
	}

	@Test
	void tokenThatTheBrokerRefusesClosesTheConnection() {
		this.world.broker().refuse(Frame.Connect.class, ErrorCode.UNAUTHENTICATED);
		this.manager.start();
		assertThat(this.manager.lastFailure()).isNotNull()
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.UNAUTHENTICATED);
		assertThat(this.world.connection().isOpen()).isFalse();
	}

	@Test
	void sessionThatDiesAtOnceDoesNotResetTheBackOff() {
		this.manager.start();
		for (int i = 0; i < 5; i++) {
			this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
			this.world.timer().advance(((LinkState.BackingOff) this.manager.state()).delay());
		}
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(((LinkState.BackingOff) this.manager.state()).delay()).isEqualTo(Duration.ofMillis(3200));
		this.world.timer().advance(Duration.ofMinutes(1));
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(((LinkState.BackingOff) this.manager.state()).delay()).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void addressesAreTriedInTurnAndNamesResolvedAnew() {
		FakeWorld several = new FakeWorld("weir://one:1,two:2,unknown:3");
		several.name("one", "10.0.0.1", "10.0.0.2");
		several.name("two", "10.0.1.1");
		several.reachable(false);
		several.manager().start();
		assertThat(several.attempts()).extracting(ConnectionManagerTest::text)
			.containsExactly("one/10.0.0.1:1", "one/10.0.0.2:1", "two/10.0.1.1:2");
		several.name("one", "10.0.0.9");
		several.timer().advance(Duration.ofMillis(100));
		assertThat(several.attempts()).extracting(ConnectionManagerTest::text)
			.endsWith("two/10.0.1.1:2", "one/10.0.0.9:1");
	}

	@Test
	void unknownHostIsNamed() {
		this.world.name("broker");
		this.manager.start();
		assertThat(this.manager.lastFailure()).hasMessageStartingWith("Unknown host: broker;");
		this.world.name("broker", "10.0.0.1");
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.manager.state()).isInstanceOf(LinkState.Ready.class);
	}

	@Test
	void failureThatSaysMostIsTold() {
		FakeWorld two = twoBrokers();
		two.failConnects(ErrorCode.UNTRUSTED_CERTIFICATE, ErrorCode.UNREACHABLE);
		two.manager().start();
		assertThat(two.manager().lastFailure()).isNotNull().satisfies((failure) -> {
			assertThat(failure.code()).isEqualTo(ErrorCode.UNTRUSTED_CERTIFICATE);
			assertThat(failure).hasMessageContaining("two/10.0.1.1:2 (UNREACHABLE)");
			assertThat(failure.getSuppressed()).hasSize(1);
		});
	}

	@Test
	void everyStateIsTold() {
		this.world.failConnects(ErrorCode.UNREACHABLE);
		this.manager.start();
		this.world.timer().advance(Duration.ofSeconds(1));
		this.world.reconnect();
		this.manager.close();
		this.manager.close();
		assertThat(this.world.states()).containsExactly("Connecting", "BackingOff", "Connecting", "Ready", "BackingOff",
				"Connecting", "Ready", "Closed");
	}

	@Test
	void countersOfThePoolGoOnOverReconnects() {
		this.manager.start();
		borrow();
		FakePool first = this.world.pool();
		this.world.reconnect();
		borrow();
		assertThat(first.isClosed()).isTrue();
		assertThat(this.manager.poolName()).isEqualTo("weir-0");
		assertThat(this.manager.poolStats().created()).isEqualTo(2);
		assertThat(this.manager.poolStats().active()).isEqualTo(1);
		this.manager.evictIdleStreams();
		assertThat(this.world.pool().evictions()).isEqualTo(1);
	}

	@Test
	void changedSizeOfThePoolHoldsForLaterConnections() {
		this.manager.start();
		this.manager.resizePool(1, 3);
		assertThat(this.manager.poolStats().max()).isEqualTo(3);
		this.world.reconnect();
		assertThat(this.manager.poolStats().min()).isEqualTo(1);
		assertThat(this.manager.poolStats().max()).isEqualTo(3);
	}

	private void borrow() {
		assertThat(((LinkState.Ready) this.manager.state()).session().borrow().toCompletableFuture()).isCompleted();
	}

	@Test
	void closeEndsTheSessionAndMakesNoOther() {
		this.manager.register(this.user);
		this.manager.start();
		assertThat(this.manager.close().toCompletableFuture()).isCompleted();
		assertClosed();
		assertThat(this.told).containsExactly("up", "down CLOSED");
		assertThat(this.world.pool().isClosed()).isTrue();
		assertThat(this.world.connection().isOpen()).isFalse();
		assertThat(this.manager.close().toCompletableFuture()).isCompleted();
	}

	@Test
	void closeWhileConnectingClosesTheSessionThatComesTooLate() {
		this.world.broker().hold(Frame.Connect.class);
		this.manager.start();
		assertThat(this.manager.close().toCompletableFuture()).isCompleted();
		assertThat(this.manager.connected().toCompletableFuture()).isCompletedExceptionally();
		this.world.broker().answerHeld();
		assertClosed();
		assertThat(this.world.connection().isOpen()).isFalse();
		assertThat(this.world.pool().isClosed()).isTrue();
	}

	@Test
	void closeWhileBackingOffMakesNoMoreAttempts() {
		this.world.reachable(false);
		this.manager.start();
		assertThat(this.manager.close().toCompletableFuture()).isCompleted();
		assertClosed();
		assertThat(this.world.attempts()).hasSize(1);
	}

	@Test
	void closeWhileDrainingClosesTheConnection() {
		this.manager.start();
		this.world.connection().control().say(0, new Frame.GoAway(ErrorCode.GOING_AWAY, "restart"));
		assertThat(this.manager.close().toCompletableFuture()).isCompleted();
		assertClosed();
		assertThat(this.world.connection().isOpen()).isFalse();
	}

	private void assertClosed() {
		this.world.timer().advance(Duration.ofMinutes(5));
		assertThat(this.manager.state()).isInstanceOf(LinkState.Closed.class);
	}

}
