package io.weir.broker.engine.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.weir.broker.engine.LocalSession;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.StorageException;

/**
 * Has a topic given partitions by what does so in a broker, whose steps take their time,
 * fail, or are lost with the broker.
 */
final class SimulatedRaise {

	private final Simulation simulation;

	private final SimulatedPartitions partitions;

	private final Deque<Runnable> underWay = new ArrayDeque<>();

	private PartitionNumbers numbers;

	/** How many partitions the broker knows of. */
	private int count = 1;

	private boolean going;

	/** How many there were when the present raise began. */
	private int from;

	/** Subscriptions that the present raise has made. */
	private int subscribed;

	private boolean settling;

	/** Grows when the broker dies. */
	private int life;

	SimulatedRaise(Simulation simulation, SimulatedPartitions partitions) {
		this.simulation = simulation;
		this.partitions = partitions;
	}

	void open(LocalSession session) {
		int present = this.life;
		this.count = 1;
		this.numbers = new PartitionNumbers(new Late(this.simulation.disk().metadata()),
				(topic) -> this.partitions.snapshot(), (topic) -> true, session, (topic, count, version) -> {
					if (this.life == present) {
						this.count = count;
					}
				});
		this.numbers.readAll().toCompletableFuture().join();
		this.partitions.notRaised();
	}

	int count() {
		return this.count;
	}

	boolean isGoing() {
		return this.going;
	}

	void begin(int to) {
		int present = this.life;
		this.going = true;
		this.from = this.count;
		this.subscribed = 0;
		this.partitions.raising(this.from, to);
		this.numbers.raise(SimulatedPartitions.NAME, to).whenComplete((done, failure) -> {
			if (this.life == present) {
				this.going = false;
				ended(failure == null);
			}
		});
	}

	private void ended(boolean done) {
		if (done) {
			this.simulation.reached(Reached.PARTITIONS_RAISED);
		}
		else {
			this.simulation.reached(Reached.RAISE_FAILED);
			this.partitions.notRaised();
		}
	}

	void step() {
		if (!this.underWay.isEmpty()) {
			this.underWay.remove().run();
		}
	}

	void settle() {
		this.settling = true;
		step();
	}

	/** The store has made a subscription. */
	void subscribed(int partition) {
		if (this.going && partition >= this.from) {
			this.subscribed++;
		}
	}

	/** What was asked for may have happened, without the broker hearing of it. */
	void crash(boolean powerFails) {
		if (this.going) {
			this.simulation
				.reached((this.subscribed > 0) ? Reached.DIED_WHILE_SUBSCRIBING : Reached.DIED_BEFORE_SUBSCRIBING);
		}
		this.life++;
		this.going = false;
		if (!powerFails && this.simulation.random().nextBoolean()) {
			List.copyOf(this.underWay).forEach(Runnable::run);
		}
		this.underWay.clear();
	}

	/** Does something some time from now. */
	<T> CompletionStage<T> later(Supplier<CompletionStage<T>> action) {
		CompletableFuture<T> later = new CompletableFuture<>();
		this.underWay.add(() -> action.get().whenComplete((done, failure) -> {
			if (failure != null) {
				later.completeExceptionally(failure);
			}
			else {
				later.complete(done);
			}
		}));
		return later;
	}

	/** Writes late, or not at all. */
	private final class Late implements MetadataStore {

		private final MetadataStore store;

		Late(MetadataStore store) {
			this.store = store;
		}

		@Override
		public CompletionStage<Optional<Versioned>> get(String key) {
			return this.store.get(key);
		}

		@Override
		public CompletionStage<Long> put(String key, byte[] value, long expectedVersion) {
			int present = SimulatedRaise.this.life;
			return later(() -> {
				if (!SimulatedRaise.this.settling && SimulatedRaise.this.simulation.random().nextInt(4) == 0) {
					return CompletableFuture.failedStage(new StorageException("broken", null));
				}
				if (SimulatedRaise.this.life != present) {
					SimulatedRaise.this.simulation.reached(Reached.DIED_WHEN_RAISED);
				}
				return this.store.put(key, value, expectedVersion);
			});
		}

		@Override
		public CompletionStage<Set<String>> children(String key) {
			return this.store.children(key);
		}

		@Override
		public Watch watch(String key, Consumer<String> listener) {
			return this.store.watch(key, listener);
		}

	}

}
