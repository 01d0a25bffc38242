package io.weir.broker.engine.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TimersTest {

	private static final long DAY = Duration.ofDays(1).toMillis();

	private volatile long now = 1_000_000;

	private final BlockingQueue<Error> errors = new LinkedBlockingQueue<>();

	private final Timers timers = new Timers(() -> this.now, this.errors::add);

	private final List<String> run = new ArrayList<>();

	@AfterEach
	void close() {
		this.timers.close();
	}

	@Test
	void taskMustRunOnceAtItsTimeAndNotBefore() {
		set("task", 10);
		look(9);
		assertThat(this.run).isEmpty();
		look(10);
		look(20);
		assertThat(this.run).containsExactly("task");
	}

	@Test
	void tasksMustRunInTheOrderOfTheirTimes() {
		set("third", 30);
		set("first", 10);
		set("second", 20);
		set("other second", 20);
		set("last", 41);
		look(40);
		assertThat(this.run).containsExactly("first", "second", "other second", "third");
	}

	@Test
	void laterSettingMustReplaceTheEarlierOneAndCancellingBoth() {
		Timers.Timer sooner = set("sooner", 20);
		Timers.Timer later = set("later", 10);
		Timers.Timer never = set("never", 10);
		this.timers.set(sooner, this.now + 5);
		this.timers.set(later, this.now + 15);
		this.timers.cancel(never);
		look(10);
		assertThat(this.run).containsExactly("sooner");
		look(100);
		assertThat(this.run).containsExactly("sooner", "later");
	}

	@Test
	void clockThatIsSetForwardMustBringWhatIsDueAndOneThatIsSetBackMustNot() {
		set("tomorrow", DAY);
		set("soon", 10);
		this.now -= DAY;
		look(20);
		assertThat(this.run).isEmpty();
		look(DAY + 10);
		assertThat(this.run).containsExactly("soon");
		this.now += DAY;
		look(DAY);
		assertThat(this.run).containsExactly("soon", "tomorrow");
	}

	@Test
	void taskThatFailsMustRunAgainAndTheOthersToo() {
		OutOfMemoryError error = new OutOfMemoryError("on purpose");
		List<Error> once = new ArrayList<>(List.of(error));
		Timers.Timer failing = this.timers.newTimer(() -> {
			if (!once.isEmpty()) {
				throw once.remove(0);
			}
			this.run.add("failing");
		});
		this.timers.set(failing, this.now);
		set("next", 1);
		this.now++;
		assertThatThrownBy(this.timers::look).isSameAs(error);
		this.timers.look();
		assertThat(this.run).containsExactly("failing", "next");
	}

	@Test
	void timesThatComeMustBeNoticedByThemselvesAlsoAfterAFailure() throws InterruptedException {
		BlockingQueue<String> done = new LinkedBlockingQueue<>();
		OutOfMemoryError error = new OutOfMemoryError("on purpose");
		List<Error> once = new ArrayList<>(List.of(error));
		Timers.Timer timer = this.timers.newTimer(() -> {
			if (!once.isEmpty()) {
				throw once.remove(0);
			}
			done.add("done");
		});
		this.timers.set(timer, this.now + DAY);
		this.timers.start();
		this.now += DAY;
		assertThat(done.poll(10, TimeUnit.SECONDS)).isEqualTo("done");
		assertThat(this.errors).containsExactly(error);
	}

	private Timers.Timer set(String name, long in) {
		Timers.Timer timer = this.timers.newTimer(() -> this.run.add(name));
		this.timers.set(timer, this.now + in);
		return timer;
	}

	/** Looks at so long after the beginning, or after the clock was set back. */
	private void look(long after) {
		long before = this.now;
		this.now = before + after;
		this.timers.look();
		this.now = before;
	}

}
