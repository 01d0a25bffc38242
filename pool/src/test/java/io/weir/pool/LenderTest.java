package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

class LenderTest {

	private static final int ROUNDS = 100_000;

	private final ManualTimekeeper time = new ManualTimekeeper();

	private final Gate gate = new Gate();

	private final WaiterQueue<Resource> waiters = new WaiterQueue<>();

	private final Race race = new Race();

	@AfterEach
	void stop() {
		this.race.close();
	}

	@Test
	void orderIsNotKeptForOneWhoComesJustWhenItIsGivenUp() throws Exception {
		Lender<Resource> lender = lender();
		AtomicBoolean goOn = new AtomicBoolean(true);
		AtomicBoolean kept = new AtomicBoolean();
		this.race.between(() -> {
			while (goOn.get()) {
				lender.serve();
			}
		}, () -> {
			for (int i = 0; i < ROUNDS && !kept.get(); i++) {
				AsyncWaiter<Resource> waiter = new AsyncWaiter<>(this.time, this.time.nanoTime(), 0, null);
				this.waiters.enter(waiter);
				for (int look = 0; look < 5; look++) {
					kept.compareAndSet(false, this.gate.isInOrder());
				}
				waiter.future.cancel(false);
			}
			goOn.set(false);
		});
		assertThat(kept).isFalse();
	}

	private Lender<Resource> lender() {
		PoolConfig config = new PoolConfig("test", 0, 1, 0, 1, Duration.ZERO, Duration.ZERO, Duration.ZERO,
				Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO, CreationFailurePolicy.WAIT, false);
		PoolContext<Resource> pool = new PoolContext<>(config, new SizeLimits(config), this.gate, new SlotTable<>(),
				this.waiters, new LifecycleCalls<>(config, new ScriptedLifecycle(), this.time), this.time,
				new Counters(), new GuardedListener(null));
		return new Lender<>(pool, new Disposer<>(pool, () -> {
		}));
	}

}
