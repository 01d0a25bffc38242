package io.weir.broker.engine.runtime;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.Replay;
import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.context.EngineContext;
import io.weir.broker.store.Entry;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Topic;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.MessageBatch;

/**
 * Has the dead letters replayed, as {@link ReplayRun} does but for its threads and
 * pauses, to a topic that stands for the one where they come from. Whatever dies
 * meanwhile: each must be there once.
 */
final class SimulatedReplays implements SimulatedTopic.World {

	private static final Topic SOURCE = new Topic(SimulatedDeadLetters.NAME);

	private final Simulation simulation;

	private final SimulatedDeadLetters deadLetters;

	private final SimulatedTopic target;

	/** Of each subscription. */
	private final Map<String, Set<MessageId>> replayed = new HashMap<>();

	private LocalSession session;

	private ReplaySteps steps;

	private boolean going;

	/** Grows when the broker dies. */
	private int life;

	SimulatedReplays(Simulation simulation, SimulatedDeadLetters deadLetters) {
		this.simulation = simulation;
		this.deadLetters = deadLetters;
		this.target = new SimulatedTopic(new Topic("replayed"), simulation, this, () -> {
			throw new IllegalStateException("Nothing is forwarded");
		});
	}

	void open(LocalSession session, Forwarder forwarder) {
		this.session = session;
		this.steps = new ReplaySteps(this.simulation.disk().metadata(), session, forwarder, (topic) -> true,
				EngineContext.unlimited().figures());
		openTarget();
	}

	private void openTarget() {
		this.target.open();
		send(new Command.Opened(Policies.none(), Asleep.UNTIL_NOW));
	}

	void step() {
		Random random = this.simulation.random();
		if (random.nextInt(this.target.isBroken() ? 10 : 300) == 0) {
			this.target.lose();
			openTarget();
		}
		else if (!this.going && random.nextInt(3) == 0) {
			go();
		}
		this.target.carryOutNext(random.nextInt(100) == 0);
	}

	void settle() {
		if (this.target.isBroken()) {
			this.target.lose();
			openTarget();
		}
		if (!this.going && !isDone()) {
			go();
		}
		this.target.carryOutAll();
	}

	boolean isSettled() {
		return !this.going && isDone() && this.target.isSettled();
	}

	private boolean isDone() {
		return this.replayed.equals(this.deadLetters.all());
	}

	/** Some messages are replayed, or a replay begins or ends. */
	private void go() {
		int present = this.life;
		this.going = true;
		this.steps.get(SOURCE).thenCompose(this::goOn).whenComplete((done, failure) -> {
			if (this.life == present) {
				this.going = false;
			}
		});
	}

	private CompletionStage<Void> goOn(Optional<ReplaySteps.Stored> found) {
		Optional<ReplaySteps.Stored> running = found.filter((stored) -> stored.record().isRunning());
		return running.isPresent() ? goOn(running.get().record(), running.get().version()) : begin();
	}

	private CompletionStage<Void> begin() {
		Position first = Position.BEFORE_FIRST.after();
		return this.steps.reader().read(SOURCE, first, 1).thenCompose((page) -> {
			try (page) {
				ReplayRecord record = new ReplayRecord(this.simulation.random().nextLong(Long.MAX_VALUE), null,
						DeadLetterFilter.all(), false, first, page.lastStored(), Replay.State.RUNNING, Instant.EPOCH, 0,
						0, List.of());
				return this.steps.begin(SOURCE, record).thenAccept((begun) -> {
				});
			}
		});
	}

	private CompletionStage<Void> goOn(ReplayRecord record, long version) {
		int most = 1 + this.simulation.random().nextInt(5);
		return this.steps.reader().read(SOURCE, record.next(), most).thenCompose((page) -> {
			ReplayBatch batch = new ReplayBatch(page, record, false);
			boolean end = batch.isEmpty();
			return publish(batch, record).whenComplete((done, failure) -> page.close())
				.thenCompose(
						(done) -> end ? put(record.ended(Replay.State.DONE), version) : store(batch, record, version));
		});
	}

	private CompletionStage<Void> put(ReplayRecord record, long version) {
		return this.steps.put(SOURCE, record, version).thenAccept((stored) -> {
		});
	}

	private CompletionStage<Void> publish(ReplayBatch batch, ReplayRecord record) {
		DeadLetterReader.Letter letter = batch.isEmpty() ? null : batch.next();
		if (letter == null) {
			return CompletableFuture.completedStage(null);
		}
		return this.steps.publish(SOURCE, letter, record.purpose()).handle((to, failure) -> {
			if (failure == null) {
				batch.replayed(letter, to);
			}
			else if (this.simulation.random().nextBoolean()) {
				batch.postpone(letter);
			}
			else {
				batch.interrupt(StorageFailure.of(failure));
			}
			return batch;
		}).thenCompose((goesOn) -> publish(goesOn, record));
	}

	private CompletionStage<Void> store(ReplayBatch batch, ReplayRecord record, long version) {
		ReplaySteps present = this.steps;
		return present.note(SOURCE, batch.noted())
			.thenCompose((noted) -> present.put(SOURCE, batch.advance(), version))
			.thenAccept((advanced) -> batch.forgettable()
				.forEach((copy) -> present.forget(SOURCE, record.purpose(), copy)));
	}

	void crash(boolean powerFails) {
		if (this.going) {
			this.simulation.reached(Reached.DIED_WHILE_REPLAYING);
		}
		this.life++;
		this.going = false;
		this.target.crash(powerFails);
		this.session.close();
	}

	void close() {
		this.target.close();
		this.session.close();
	}

	/** Remembers what is stored, and makes it so again before the broker is started. */
	Runnable checkpoint() {
		Map<String, Set<MessageId>> replayed = SimulatedDeadLetters.copy(this.replayed);
		Runnable back = this.target.checkpoint();
		return () -> {
			this.replayed.clear();
			this.replayed.putAll(replayed);
			back.run();
		};
	}

	/** The topic hears of what the store has done. */
	void hear() {
		this.target.hear();
	}

	@Override
	public void send(Command command) {
		this.simulation.clock().next();
		this.target.handle(command).forEach(this.deadLetters::tell);
	}

	@Override
	public void asked(Storing effect) {
		// It is seen when it is stored.
	}

	@Override
	public void stored(Storing effect, Command outcome) {
		if (effect instanceof Storing.Append && outcome instanceof Outcome.Appended appended) {
			Entry entry = this.target.read(appended.position());
			this.simulation.messages().seen(entry.batch());
			check(MessageBatch.read(entry.batch(), 1).get(0));
			entry.release();
			this.simulation.reached(Reached.REPLAYED);
		}
	}

	private void check(MessageRecord copy) {
		DeadLetterOrigin origin = Objects.requireNonNull(DeadLetterOrigin.of(copy.headers()));
		MessageId id = origin.messageId();
		Simulation.require(this.deadLetters.has(origin.subscription(), id), "%s was replayed, and is no dead letter",
				id);
		Simulation.require(this.replayed.computeIfAbsent(origin.subscription(), (none) -> new HashSet<>()).add(id),
				"%s of '%s' was replayed twice", id, origin.subscription());
		Simulation.require(copy.replays() == 1, "%s was replayed, and says %s times", id, copy.replays());
		Simulation.require(
				SimulatedMessages.is(copy, this.simulation.topic().archive().header(id), MessageIds.index(id)),
				"What was replayed of %s has other bytes", id);
	}

}
