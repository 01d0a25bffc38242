package io.weir.broker.engine.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import io.netty.buffer.Unpooled;

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
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A topic and its store: what the topic asks of the store is carried out one by one, or
 * fails, or is lost with the broker.
 */
final class SimulatedTopic {

	private static final StorageFailure BROKEN = new StorageFailure(ErrorCode.STORAGE_FAILED, "broken");

	private static final Topic NAME = new Topic("topic");

	private final Simulation simulation;

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final SimulatedStorage storage;

	private final Deque<Storing> underWay = new ArrayDeque<>();

	/** All entries that were ever stored, without their bytes: the log is trimmed. */
	private final List<Entry> archive = new ArrayList<>();

	private TopicLog log;

	private TopicCore core;

	/** They begin again with each life of the broker. */
	private EngineFigures figures;

	private boolean broken;

	/** Up to when the last messages were read that were due. */
	private long readUpTo;

	SimulatedTopic(Simulation simulation) {
		this.simulation = simulation;
		this.storage = new SimulatedStorage(this.store, simulation.messages());
	}

	void open() {
		OpenedLog opened = this.store.open(NAME, 1).toCompletableFuture().join();
		EngineContext context = EngineContext.unlimited();
		this.figures = context.figures();
		this.log = opened.log();
		this.core = TopicCore.recover(opened, context);
	}

	/** Has the topic handle a command, and returns what is to be told. */
	List<Effect.Telling> handle(Command command, long now, long steady) {
		List<Effect.Telling> told = new ArrayList<>();
		List<Effect> effects = this.core.handle(command, now, steady);
		SimulatedDelays.checkDue(effects, this.readUpTo);
		for (Effect effect : effects) {
			if (effect instanceof Scheduling.ReadDue read) {
				this.readUpTo = read.upTo();
			}
			if (effect instanceof Storing storing) {
				this.simulation.asked(storing);
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
		if (fail || (append && this.broken)) {
			sendFailure(effect);
			return;
		}
		this.storage.carryOut(this.log, effect, (command) -> {
			stored(effect, command);
			this.simulation.send(command);
		});
	}

	private void sendFailure(Storing effect) {
		if (effect instanceof Storing.OfMessages messages) {
			messages.batch().release();
		}
		if (effect instanceof Storing.FindOrdinal) {
			carryOut(effect, false);
		}
		else if (effect instanceof Storing.Asking<?> asking) {
			this.simulation.send(asking.failed(BROKEN));
		}
	}

	private void stored(Storing effect, Command outcome) {
		if (effect instanceof Storing.Append append && outcome instanceof Outcome.Appended appended) {
			archive(appended.position(), append.header());
		}
		else if (effect instanceof Scheduling.AppendDue append && outcome instanceof Outcome.DueAppended appended) {
			archive(appended.position(), append.header());
		}
		else {
			this.simulation.stored(effect, outcome);
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
				this.storage.carryOut(this.log, effect, (command) -> {
					stored(effect, command);
					command.release();
				});
			}
			else if (effect instanceof Storing.OfMessages messages) {
				messages.batch().release();
			}
		}
		this.core.close();
		this.broken = false;
	}

	void close() {
		this.core.close();
	}

	/** Whether an append has failed: the broker has to open the topic again. */
	boolean isBroken() {
		return this.broken;
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

}
