package io.weir.broker.engine.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

import io.netty.buffer.Unpooled;
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
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
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

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final SimulatedStorage storage;

	private final Deque<Storing> underWay = new ArrayDeque<>();

	/** What the store has carried out, and the topic has not heard of. */
	private final Deque<Done> done = new ArrayDeque<>();

	/** All entries that were ever stored, without their bytes: the log is trimmed. */
	private final List<Entry> archive = new ArrayList<>();

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

	private long owner;

	/** Up to when the last messages were read that were due. */
	private long readUpTo;

	SimulatedTopic(Topic name, Simulation simulation, World world, Supplier<Forwarder> forwarder) {
		this.name = name;
		this.simulation = simulation;
		this.world = world;
		this.storage = new SimulatedStorage(this.store, simulation.messages(), forwarder);
	}

	void open() {
		OpenedLog opened = (this.newer != null) ? this.newer : openLog();
		this.newer = null;
		EngineContext context = EngineContext.unlimited();
		this.figures = context.figures();
		this.log = opened.log();
		this.core = TopicCore.recover(opened, context);
		this.life++;
	}

	private OpenedLog openLog() {
		return this.store.open(this.name, ++this.owner).toCompletableFuture().join();
	}

	/** Somebody else has the log from now on, as it is; the topic does not know. */
	void fence() {
		if (this.newer == null) {
			this.newer = openLog();
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
		if (!this.underWay.isEmpty()) {
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
		this.storage.carryOut(this.log, effect, (outcome) -> {
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
			archive(appended.position(), append.header());
		}
		else if (done.effect() instanceof Scheduling.AppendDue append
				&& done.outcome() instanceof Outcome.DueAppended appended) {
			archive(appended.position(), append.header());
		}
		if (!(done.outcome() instanceof Outcome.Failed)) {
			if (done.told() instanceof Outcome.Failed) {
				this.simulation.reached(Reached.STORED_THOUGH_FAILED);
			}
			this.world.stored(done.effect(), done.outcome());
		}
	}

	private void archive(Position position, EntryHeader header) {
		this.archive.add(new Entry(position, header, Unpooled.EMPTY_BUFFER));
	}

	/** The broker dies; what it had asked of the store has happened up to some point. */
	void crash() {
		int happened = this.broken ? 0 : this.simulation.random().nextInt(this.underWay.size() + 1);
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
	List<Entry> archive() {
		return this.archive;
	}

	/** The entries after a position and up to another, also those that were trimmed. */
	List<Entry> entriesBetween(Position after, Position upTo) {
		int from = (int) Math.min(after.entry() + 1, this.archive.size());
		int to = (int) Math.min(upTo.entry() + 1, this.archive.size());
		return (from < to) ? this.archive.subList(from, to) : List.of();
	}

	boolean mayHaveExpired(MessageId id) {
		return mayHaveExpiredByItself(id) || mayBeTooOld(id);
	}

	boolean mayHaveExpiredByItself(MessageId id) {
		EntryHeader header = this.archive.get((int) Position.of(id).entry()).header();
		return this.simulation.clock().mayHaveCome(header.index().expiresAt(MessageIds.index(id)));
	}

	/** By what the clock was set back, it may seem as old as what came after it. */
	private boolean mayBeTooOld(MessageId id) {
		return entriesBetween(Position.of(id).before(), lastStored()).stream()
			.anyMatch((entry) -> this.simulation.clock().mayBeTooOld(entry.header().publishTime()));
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
