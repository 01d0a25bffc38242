package io.weir.broker.engine.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.Storing;
import io.weir.broker.store.Entry;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Topic;
import io.weir.wire.Budgets;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.MessageBatch;

/**
 * The topic of the dead letters, the broker's way to it, and what must be there. The
 * topic has a store of its own, which fails and is lost apart from that of the others.
 */
final class SimulatedDeadLetters implements SimulatedTopic.World {

	static final String NAME = "dead";

	private final Simulation simulation;

	private final SimulatedTopic topic;

	/** Of each subscription. */
	private final Map<String, Set<MessageId>> stored = new HashMap<>();

	private final SimulatedReplays replays;

	private final Deque<Sent> commands = new ArrayDeque<>();

	private ClientSessions sessions = new ClientSessions();

	private Forwarder forwarder;

	SimulatedDeadLetters(Simulation simulation) {
		this.simulation = simulation;
		this.topic = new SimulatedTopic(new Topic(NAME), simulation, this, () -> {
			throw new IllegalStateException("Nothing is forwarded");
		});
		this.replays = new SimulatedReplays(simulation, this);
		open();
	}

	void open() {
		this.sessions = new ClientSessions();
		this.forwarder = new Forwarder(newSession());
		openTopic();
		this.replays.open(newSession(), this.forwarder);
	}

	private LocalSession newSession() {
		return LocalSession.open(this.sessions, way(this.sessions), Budgets.unlimited());
	}

	private void openTopic() {
		this.topic.open();
		send(new Command.Opened(Policies.none(), Asleep.UNTIL_NOW));
	}

	/** What the broker says that has died is not heard. */
	private BiConsumer<Topic, Command> way(ClientSessions living) {
		return (to, command) -> {
			if (command instanceof Command.Publish publish) {
				this.simulation.messages().seen(publish.batch());
			}
			if (living == this.sessions) {
				this.commands.add(new Sent(to, command));
			}
			else {
				command.release();
			}
		};
	}

	Forwarder forwarder() {
		return this.forwarder;
	}

	/** Whether the copy of a message is stored. */
	boolean has(String subscription, MessageId id) {
		Set<MessageId> ids = this.stored.get(subscription);
		return ids != null && ids.contains(id);
	}

	/** The dead letters of each subscription that has any. */
	Map<String, Set<MessageId>> all() {
		return this.stored;
	}

	void step() {
		this.replays.step();
		if (this.topic.isBroken() && this.simulation.random().nextInt(10) == 0) {
			restart();
		}
		else if (this.simulation.random().nextInt(500) == 0) {
			restart();
		}
		else if (this.simulation.random().nextInt(500) == 0) {
			this.topic.fence();
		}
		this.topic.carryOutNext(this.simulation.random().nextInt(100) == 0);
		handleAll();
	}

	void settle() {
		if (this.topic.isBroken()) {
			restart();
		}
		send(new Command.Tick());
		this.replays.settle();
		handleAll();
		this.topic.carryOutAll();
	}

	boolean isSettled() {
		return this.topic.isSettled() && this.replays.isSettled();
	}

	/** Alone, while the others go on. */
	private void restart() {
		this.topic.lose();
		this.simulation.reached(Reached.TARGET_LOST);
		openTopic();
		handleAll();
	}

	void crash(boolean powerFails) {
		Forwarder former = this.forwarder;
		this.topic.crash(powerFails);
		this.sessions = new ClientSessions();
		this.replays.crash(powerFails);
		this.commands.forEach((sent) -> sent.command().release());
		this.commands.clear();
		former.close();
	}

	/** Remembers what is stored, and makes it so again before the broker is started. */
	Runnable checkpoint() {
		Map<String, Set<MessageId>> stored = copy(this.stored);
		List<Runnable> back = List.of(this.topic.checkpoint(), this.replays.checkpoint());
		return () -> {
			this.stored.clear();
			this.stored.putAll(stored);
			back.forEach(Runnable::run);
		};
	}

	static Map<String, Set<MessageId>> copy(Map<String, Set<MessageId>> ids) {
		Map<String, Set<MessageId>> copy = new HashMap<>();
		ids.forEach((subscription, each) -> copy.put(subscription, new HashSet<>(each)));
		return copy;
	}

	void close() {
		this.topic.close();
		this.replays.close();
		this.forwarder.close();
	}

	/** Commands lead to others. */
	void handleAll() {
		while (!this.commands.isEmpty()) {
			Sent next = this.commands.remove();
			if (next.to().name().equals(NAME)) {
				send(next.command());
			}
			else {
				// It stands for the topic where the dead letters come from.
				this.replays.send(next.command());
			}
		}
		this.replays.hear();
		this.simulation.topic().hear();
	}

	@Override
	public void send(Command command) {
		this.simulation.clock().next();
		this.topic.handle(command).forEach(this::tell);
	}

	void tell(Effect.Telling effect) {
		this.sessions.tell(effect);
	}

	@Override
	public void asked(Storing effect) {
		// It is seen when it is stored.
	}

	@Override
	public void stored(Storing effect, Command outcome) {
		if (effect instanceof Storing.Append && outcome instanceof Outcome.Appended appended) {
			Entry entry = this.topic.read(appended.position());
			this.simulation.messages().seen(entry.batch());
			check(MessageBatch.read(entry.batch(), 1).get(0));
			entry.release();
		}
	}

	private void check(MessageRecord copy) {
		DeadLetterOrigin origin = Objects.requireNonNull(DeadLetterOrigin.of(copy.headers()));
		MessageId id = origin.messageId();
		Simulation.require(this.stored.computeIfAbsent(origin.subscription(), (none) -> new HashSet<>()).add(id),
				"%s is a dead letter of '%s' twice", id, origin.subscription());
		Simulation.require(
				SimulatedMessages.is(copy, this.simulation.topic().archive().header(id), MessageIds.index(id)),
				"The dead letter of %s has other bytes", id);
		this.simulation.subscription(origin.subscription()).deadLetterStored(id, origin);
	}

	private record Sent(Topic to, Command command) {
	}

}
