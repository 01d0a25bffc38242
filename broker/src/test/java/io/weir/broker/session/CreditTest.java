package io.weir.broker.session;

import java.util.ArrayDeque;
import java.util.Deque;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A session that asks faster than the store answers is held back. */
class CreditTest {

	private static final int MIB = 1024 * 1024;

	private final Deque<Runnable> eventLoop = new ArrayDeque<>();

	private final Credit credit = new Credit(this.eventLoop::add);

	@Test
	void streamsMustNotBeReadAboveTheBound() {
		ScriptedStream stream = add(4);
		this.credit.use((int) Credit.BOUND);
		assertThat(stream.isReading()).isTrue();
		this.credit.use(1);
		assertThat(stream.isReading()).isFalse();
	}

	@Test
	void streamsMustBeReadAgainWhenHalfIsAnswered() {
		ScriptedStream stream = add(4);
		this.credit.use((int) Credit.BOUND + MIB);
		this.credit.giveBack((int) Credit.BOUND / 2);
		runEventLoop();
		assertThat(stream.isReading()).isFalse();
		this.credit.giveBack(MIB);
		assertThat(stream.isReading()).as("before the event loop's turn").isFalse();
		runEventLoop();
		assertThat(stream.isReading()).isTrue();
	}

	@Test
	void streamThatIsOpenedMeanwhileMustBeHeldBackToo() {
		this.credit.use((int) Credit.BOUND + 1);
		ScriptedStream stream = add(8);
		assertThat(stream.isReading()).isFalse();
		this.credit.giveBack((int) Credit.BOUND);
		runEventLoop();
		assertThat(stream.isReading()).isTrue();
	}

	@Test
	void streamThatEndedMustBeLeftAlone() {
		ScriptedStream stream = add(4);
		this.credit.remove(stream);
		this.credit.use((int) Credit.BOUND + 1);
		assertThat(stream.isReading()).isTrue();
	}

	private ScriptedStream add(long id) {
		ScriptedStream stream = new ScriptedStream(id);
		this.credit.add(stream);
		return stream;
	}

	private void runEventLoop() {
		while (!this.eventLoop.isEmpty()) {
			this.eventLoop.remove().run();
		}
	}

}
