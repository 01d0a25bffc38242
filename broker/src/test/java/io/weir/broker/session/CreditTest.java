package io.weir.broker.session;

import java.util.ArrayDeque;
import java.util.Deque;

import org.junit.jupiter.api.Test;

import io.weir.transport.fakes.FakeStream;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;

import static org.assertj.core.api.Assertions.assertThat;

/** A session that asks faster than the store answers is held back. */
class CreditTest {

	private static final int MIB = 1024 * 1024;

	private final Deque<Runnable> eventLoop = new ArrayDeque<>();

	private static final int BOUND = 8 * MIB;

	private final Budgets budgets = new Budgets(
			(limit) -> (limit == BrokerLimit.REQUEST_MEMORY_PER_CONNECTION) ? BOUND : 3 * BOUND);

	private final Credit credit = new Credit(this.eventLoop::add, this.budgets);

	@Test
	void streamsMustNotBeReadAboveTheBound() {
		FakeStream stream = add(4);
		this.credit.use(BOUND);
		assertThat(stream.isReading()).isTrue();
		this.credit.use(1);
		assertThat(stream.isReading()).isFalse();
	}

	@Test
	void streamsMustBeReadAgainWhenHalfIsAnswered() {
		FakeStream stream = add(4);
		this.credit.use(BOUND + MIB);
		this.credit.giveBack(BOUND / 2);
		runEventLoop();
		assertThat(stream.isReading()).isFalse();
		this.credit.giveBack(MIB);
		assertThat(stream.isReading()).as("before the event loop's turn").isFalse();
		runEventLoop();
		assertThat(stream.isReading()).isTrue();
	}

	@Test
	void streamThatIsOpenedMeanwhileMustBeHeldBackToo() {
		this.credit.use(BOUND + 1);
		FakeStream stream = add(8);
		assertThat(stream.isReading()).isFalse();
		this.credit.giveBack(BOUND);
		runEventLoop();
		assertThat(stream.isReading()).isTrue();
	}

	@Test
	void streamThatEndedMustBeLeftAlone() {
		FakeStream stream = add(4);
		this.credit.remove(stream);
		this.credit.use(BOUND + 1);
		assertThat(stream.isReading()).isTrue();
	}

	@Test
	void whatIsAskedForMustBeCountedForAllSessions() {
		Budget all = this.budgets.of(BrokerLimit.INCOMING_MEMORY);
		this.credit.use(MIB);
		assertThat(all.used()).isEqualTo(MIB);
		this.credit.giveBack(MIB / 4);
		assertThat(all.used()).isEqualTo(3 * MIB / 4);
		this.credit.end();
		assertThat(all.used()).isZero();
		this.credit.giveBack(3 * MIB / 4);
		this.credit.use(1);
		assertThat(all.used()).isZero();
	}

	@Test
	void whenAllHaveAskedForTooMuchEachMustBeAllowedLittle() {
		FakeStream stream = add(4);
		this.credit.use((int) Credit.LITTLE);
		assertThat(stream.isReading()).isTrue();
		this.budgets.of(BrokerLimit.INCOMING_MEMORY).take(3 * BOUND);
		this.credit.use(1);
		assertThat(stream.isReading()).isFalse();
		this.credit.giveBack((int) Credit.LITTLE / 2 + 1);
		runEventLoop();
		assertThat(stream.isReading()).isTrue();
	}

	private FakeStream add(long id) {
		FakeStream stream = new FakeStream(id);
		this.credit.add(stream);
		return stream;
	}

	private void runEventLoop() {
		while (!this.eventLoop.isEmpty()) {
			this.eventLoop.remove().run();
		}
	}

}
