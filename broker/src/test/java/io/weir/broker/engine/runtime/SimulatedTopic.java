package io.weir.broker.engine.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Scheduling;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.EngineContext;
import io.weir.broker.engine.topic.TopicCore;
import io.weir.broker.store.Entry;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A topic and its store: what the topic asks of the store is carried out one by one, or
 * fails, or is lost with the broker.
 */
final class SimulatedTopic {

	static final StorageFailure BROKEN = new StorageFailure(ErrorCode.STORAGE_FAILED, "broken");

	private final Topic name;

	private final Simulation simulation;

	private final World world;

	private final Supplier<Forwarder> forwarder;

	private final Deque<Storing> underWay = new ArrayDeque<>();

	/** What the store has carried out, and the topic has not heard of. */
	private final Deque<Done> done = new ArrayDeque<>();

	private final SimulatedArchive archive;

	private SimulatedStorage storage;

	private TopicLog log;

	private TopicCore core;

	/** They begin again with each life of the broker. */
	private EngineFigures figures;

	private int life;

	private boolean broken;

	/** Whether nothing that is asked now will be carried out. */
	private boolean losing;

	/** What a newer owner has opened, whom nobody here has heard of yet. */
	private @Nullable OpenedLog newer;

	/** Up to when the last messages were read that were due. */
	private long readUpTo;

	SimulatedTopic(Topic name, Simulation simulation, World world, Supplier<Forwarder> forwarder) {
		this.name = name;
		this.simulation = simulation;
		this.world = world;
		this.forwarder = forwarder;
		this.archive = new SimulatedArchive(simulation.clock());
	}

	void open() {
		OpenedLog opened = (this.newer != null) ? this.newer : this.simulation.disk().open(this.name);
		this.newer = null;
		this.storage = new SimulatedStorage(this.simulation.disk().store(), this.simulation.messages(), this.forwarder);
		EngineContext context = EngineContext.unlimited();
		this.figures = context.figures();
		this.log = opened.log();
		this.core = TopicCore.recover(opened, context);
		this.life++;
	}

	/** Somebody else has the log from now on, as it is; the topic does not know. */
	void fence() {
		if (this.newer == null) {
			this.newer = this.simulation.disk().open(this.name);
		}
	}

	/** Has the topic handle a command, and returns what is to be told. */
	List<Effect.Telling> handle(Command command) {
		List<Effect.Telling> told = new ArrayList<>();
		SimulatedClock clock = this.simulation.clock();
		List<Effect> effects = this.core.handle(command, clock.now(), clock.steady());
		this.simulation.trace().handled(command, clock.now(), effects);
		SimulatedDelays.checkDue(effects, this.readUpTo);
		for (Effect effect : effects) {
			if (effect instanceof Scheduling.ReadDue read) {
				this.readUpTo = read.upTo();
			}
			if (effect instanceof Storing storing) {
				if (!this.losing) {
					this.world.asked(storing);
				}
				this.underWay.add(storing);
			}
			else if (effect instanceof Effect.Telling telling) {
				told.add(telling);
			}
		}
		return told;
	}

	void carryOutNext(boolean fail) {
		if (!this.underWay.isEmpty() && !this.simulation.power().failsBefore(this.underWay.peek())) {
			carryOut(this.underWay.remove(), fail);
		}
	}

	void carryOutAll() {
		while (!this.underWay.isEmpty()) {
			carryOut(this.underWay.remove(), false);
		}
	}

	private void carryOut(Storing effect, boolean fail) {
		boolean append = effect instanceof Storing.OfMessages;
		this.broken |= fail && append;
		if ((fail && !(effect instanceof Storing.FindOrdinal)) || (append && this.broken)) {
			fail(effect);
		}
		else {
			store(effect, false);
		}
		hear();
	}

	/**
	 * The store does something.
	 * @param inDoubt whether it says of what it wrote that it has failed
	 */
	private void store(Storing effect, boolean inDoubt) {
		int present = this.life;
		Consumer<Command> written = this.simulation.disk().writing(this.log, effect);
		this.storage.carryOut(this.log, effect, (outcome) -> {
			written.accept(outcome);
			if (this.life == present) {
				this.done.add(new Done(effect, outcome, inDoubt ? failure(effect, outcome) : outcome));
			}
			else {
				outcome.release();
			}
		});
	}

	/** What is said of an effect that was carried out, and perhaps has failed. */
	private static Command failure(Storing effect, Command outcome) {
		return (effect instanceof Storing.Asking<?> asking && asking.awaited()) ? asking.failed(BROKEN) : outcome;
	}

	private void fail(Storing effect) {
		if (effect instanceof Storing.OfMessages messages) {
			messages.batch().release();
		}
		if (effect instanceof Storing.Asking<?> asking) {
			Command failed = asking.failed(BROKEN);
			this.done.add(new Done(effect, failed, failed));
		}
	}

	/** The topic hears of what has been carried out. */
	void hear() {
		while (!this.done.isEmpty()) {
			Done next = this.done.remove();
			stored(next);
			this.world.send(next.told());
		}
	}

	private void stored(Done done) {
		if (done.effect() instanceof Storing.Append append && done.outcome() instanceof Outcome.Appended appended) {
			this.archive.add(appended.position(), append.header());
		}
		else if (done.effect() instanceof Scheduling.AppendDue append
				&& done.outcome() instanceof Outcome.DueAppended appended) {
			this.archive.add(appended.position(), append.header());
		}
		if (!(done.outcome() instanceof Outcome.Failed)) {
			if (done.told() instanceof Outcome.Failed) {
				this.simulation.reached(Reached.STORED_THOUGH_FAILED);
			}
			this.world.stored(done.effect(), done.outcome());
		}
	}

	/**
	 * The broker dies; what it had asked of the store has happened up to some point.
	 * @param powerFails whether nothing of it has happened
	 */
	void crash(boolean powerFails) {
		int happened = (this.broken || powerFails) ? 0 : this.simulation.random().nextInt(this.underWay.size() + 1);
		for (int i = 0; !this.underWay.isEmpty(); i++) {
			Storing effect = this.underWay.remove();
			if (i < happened) {
				store(effect, false);
			}
			else if (effect instanceof Storing.OfMessages messages) {
				messages.batch().release();
			}
		}
		while (!this.done.isEmpty()) {
			Done next = this.done.remove();
			stored(next);
			next.outcome().release();
		}
		end();
	}

	/**
	 * The log takes nothing more: an fsync has failed, so that nobody knows what of all
	 * that is under way is stored, or somebody else has it. The topic lets everybody go,
	 * and is to be opened again.
	 */
	void lose() {
		int happened = this.broken ? 0 : this.simulation.random().nextInt(this.underWay.size() + 1);
		this.losing = true;
		boolean hearsFirst = happened > 0 || this.simulation.random().nextBoolean();
		if (hearsFirst) {
			this.world.send(new Command.LogLost(BROKEN));
		}
		failAllAfter(happened);
		if (!hearsFirst) {
			this.world.send(new Command.LogLost(BROKEN));
			failAllAfter(0);
		}
		end();
	}

	private void failAllAfter(int happened) {
		for (int i = 0; !this.underWay.isEmpty(); i++) {
			Storing effect = this.underWay.remove();
			if (i < happened) {
				store(effect, true);
			}
			else {
				fail(effect);
			}
			hear();
		}
	}

	private void end() {
		this.life++;
		this.core.close();
		this.broken = false;
		this.losing = false;
	}

	void close() {
		this.core.close();
	}

	/** Whether the broker has to open the topic again: an append has failed, or will. */
	boolean isBroken() {
		return this.broken || this.newer != null;
	}

	/** Nothing is asked of the store, and nothing waits for its time. */
	boolean isSettled() {
		return this.underWay.isEmpty() && this.log.schedule().size() == 0;
	}

	/** Whether the store has yet to carry out something of a kind. */
	boolean isAsked(Class<?>... kinds) {
		return this.underWay.stream()
			.anyMatch((effect) -> Arrays.stream(kinds).anyMatch((kind) -> kind.isInstance(effect)));
	}

	TopicSnapshot snapshot() {
		return this.core.snapshot();
	}

	void checkNoBacklog() {
		snapshot().subscriptions()
			.forEach((subscription) -> assertThat(subscription.backlog()).as("backlog of %s", subscription.name())
				.isZero());
		assertThat(this.figures.backlog()).as("backlog of all").isZero();
	}

	long storedMessages() {
		return this.log.extent().messages();
	}

	Position first() {
		return this.log.first();
	}

	Position lastStored() {
		return this.log.lastConfirmed();
	}

	/** An entry with its bytes, which the caller releases. */
	Entry read(Position position) {
		return this.log.read(position, 1, 1).toCompletableFuture().join().get(0);
	}

	/** All entries that were ever stored. */
	SimulatedArchive archive() {
		return this.archive;
	}

	/** Remembers what is stored, and makes it so again before the topic is opened. */
	Runnable checkpoint() {
		int size = this.archive.size();
		Runnable back = this.archive.checkpoint();
		return () -> {
			this.newer = null;
			if (this.archive.size() > size) {
				this.simulation.reached(Reached.ENTRY_LOST);
			}
			back.run();
		};
	}

	/** The first sequence id of each batch of a producer, in the log or scheduled. */
	Set<Long> sequencesOf(String producer) {
		Set<Long> sequences = new HashSet<>();
		List<Entry> scheduled = this.log.schedule()
			.read(Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)
			.toCompletableFuture()
			.join()
			.entries();
		Stream.concat(this.archive.all().stream(), scheduled.stream())
			.map(Entry::header)
			.filter((header) -> header.producerName().equals(producer))
			.forEach((header) -> sequences.add(header.firstSequence()));
		scheduled.forEach(Entry::release);
		return sequences;
	}

	/** Who uses a topic. */
	interface World {

		/** The topic asks something of the store. */
		void asked(Storing effect);

		/** The store has done it, whether or not the topic will hear of it. */
		void stored(Storing effect, Command outcome);

		/** Has the topic handle how it went. */
		void send(Command outcome);

	}

	/** What the store has done, and what is said of it. */
	private record Done(Storing effect, Command outcome, Command told) {
	}

}
