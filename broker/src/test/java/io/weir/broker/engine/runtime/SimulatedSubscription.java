package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.Entry;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.FailureReport;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** The consumers of a subscription: what they do, and what they may expect. */
final class SimulatedSubscription {

	private static final String ERROR = "error of ";

	private final Simulation simulation;

	private final String name;

	private final SubscriptionType type;

	/** Whether consumers give messages back, which lets them come out of order. */
	private final boolean givesBack;

	/** Whether it is removed now and then. */
	private boolean unsubscribing;

	/** Whether consumers move it now and then. */
	private boolean seeking;

	/** Whether it was created, and not removed. */
	private boolean stored;

	/** The last incarnation that is over. */
	private long ended = -1;

	private final SimulatedAcknowledgements acknowledgements;

	private final SimulatedHoldings holdings;

	private final SimulatedCumulation cumulation;

	SimulatedSubscription(Simulation simulation, String name, SubscriptionType type, boolean givesBack,
			@Nullable RedeliveryPolicy policy) {
		this.simulation = simulation;
		this.name = name;
		this.type = type;
		this.givesBack = givesBack;
		this.acknowledgements = new SimulatedAcknowledgements(simulation, name);
		this.holdings = new SimulatedHoldings(simulation, type, givesBack, policy, this.acknowledgements);
		this.cumulation = new SimulatedCumulation(simulation, this.acknowledgements, this.holdings);
	}

	SimulatedSubscription unsubscribing() {
		this.unsubscribing = true;
		return this;
	}

	SimulatedSubscription seeking() {
		this.seeking = true;
		return this;
	}

	String name() {
		return this.name;
	}

	void step() {
		Random random = this.simulation.random();
		int dice = random.nextInt(100);
		List<SimulatedConsumer> all = this.holdings.consumers();
		if (all.isEmpty() || (dice < 4 && all.size() < 4)) {
			subscribe();
			return;
		}
		SimulatedConsumer consumer = this.simulation.pick(all);
		retryUnstored(consumer);
		this.cumulation.acknowledgeAgain(consumer);
		if (dice < 6) {
			leave(consumer);
		}
		else if (dice < 30) {
			grant(consumer, 1 + random.nextInt(8));
		}
		else if (dice < 40 && this.givesBack && !consumer.holding.isEmpty()) {
			giveBack(consumer);
		}
		else if (dice < 41 && this.unsubscribing) {
			unsubscribe(consumer);
		}
		else if (dice < 43 && this.seeking) {
			seek(consumer);
		}
		else if (dice < 45 && this.type == SubscriptionType.EXCLUSIVE) {
			awaitEnd(consumer);
		}
		else if (dice < 60 && isOrdered() && !this.holdings.all().isEmpty()) {
			this.cumulation.acknowledge(consumer, this.simulation.pick(this.holdings.all()));
		}
		else if (!consumer.holding.isEmpty()) {
			acknowledge(consumer, consumer.pickSome(random));
		}
		if (consumer.unwritten > 0) {
			written(consumer);
		}
	}

	private boolean isOrdered() {
		return this.type == SubscriptionType.EXCLUSIVE || this.type == SubscriptionType.FAILOVER;
	}

	void settle() {
		if (this.holdings.consumers().isEmpty()) {
			subscribe();
		}
		for (SimulatedConsumer consumer : this.holdings.consumers()) {
			grant(consumer, 50);
			retryUnstored(consumer);
			written(consumer);
			if (!consumer.holding.isEmpty()) {
				acknowledge(consumer, new ArrayList<>(consumer.holding));
			}
		}
	}

	boolean isSettled() {
		List<SimulatedConsumer> consumers = this.holdings.consumers();
		return !consumers.isEmpty() && this.holdings.all().isEmpty()
				&& this.acknowledgements.allConfirmed(this.simulation.topic().storedMessages())
				&& consumers.stream().allMatch((consumer) -> consumer.quiet++ > 3);
	}

	boolean has(Peer consumer) {
		return this.holdings.has(consumer);
	}

	private void subscribe() {
		Peer peer = this.simulation.newPeer();
		this.simulation.send(new Command.Subscribe(this.simulation.ask(peer, (answer) -> {
			if (answer instanceof Effect.Done) {
				this.holdings.joined(peer);
			}
		}), peer, this.name, this.type, InitialPosition.EARLIEST, "c", true, ConsumerInstance.once(), () -> true,
				this.holdings.redelivery().stated()));
	}

	/** Perhaps without a word. */
	private void leave(SimulatedConsumer consumer) {
		boolean dies = this.simulation.random().nextBoolean();
		this.holdings.left(consumer.peer, dies);
		this.simulation.send(dies ? new Command.SessionEnded(consumer.peer.session())
				: new Command.CloseConsumer(this.simulation.ask(consumer.peer, (answer) -> {
				}), consumer.peer));
	}

	void consumerClosed(Peer peer) {
		this.holdings.left(peer, false);
	}

	/** Remembers what is stored, and makes it so again before the broker is started. */
	Runnable checkpoint() {
		boolean stored = this.stored;
		List<Runnable> back = List.of(this.acknowledgements.checkpoint(), this.holdings.redelivery().checkpoint(),
				this.cumulation.checkpoint());
		return () -> {
			this.stored = stored;
			back.forEach(Runnable::run);
		};
	}

	/** What was not stored is forgotten; the client asks no more: it is sent again. */
	void brokerDied() {
		this.acknowledgements.brokerDied();
		this.holdings.brokerDied();
		this.ended = -1;
		this.cumulation.brokerDied();
	}

	/** All consumers are let go. */
	void losesLog() {
		this.holdings.letGo();
	}

	/** They were told so; what was not stored is forgotten. */
	void logLost() {
		Simulation.require(this.holdings.consumers().isEmpty(), "Consumers of '%s' were not told", this.name);
		brokerDied();
	}

	void timePasses() {
		this.holdings.redelivery().timePasses();
	}

	void handled() {
		this.holdings.redelivery().handled();
	}

	void tick() {
		this.holdings.tick();
	}

	private void grant(SimulatedConsumer consumer, int permits) {
		consumer.permits += permits;
		this.simulation.send(new Command.Flow(consumer.peer, permits));
	}

	private void written(SimulatedConsumer consumer) {
		int bytes = consumer.unwritten;
		consumer.unwritten = 0;
		this.simulation.send(new Command.DeliveryWritten(consumer.peer, bytes));
	}

	private void giveBack(SimulatedConsumer consumer) {
		Random random = this.simulation.random();
		MessageId id = this.simulation.pick(consumer.holding);
		long delay = switch (random.nextInt(4)) {
			case 0 -> random.nextInt(10_000);
			case 1 -> 0;
			default -> -1;
		};
		boolean forGood = random.nextInt(6) == 0;
		this.holdings.givenBack(consumer, id, delay, forGood);
		this.simulation.send(new Command.NegativeAcknowledge(consumer.peer, List.of(id), delay, forGood,
				FailureReport.of(ERROR + id)));
	}

	private void acknowledge(SimulatedConsumer consumer, List<MessageId> ids) {
		this.acknowledgements.ask(ids);
		this.holdings.acknowledged(consumer, ids);
		this.simulation.send(new Command.Acknowledge(askAbout(consumer, ids), consumer.peer, ids));
	}

	private ReplyTo askAbout(SimulatedConsumer consumer, List<MessageId> ids) {
		int asking = this.acknowledgements.incarnation();
		return this.simulation.ask(consumer.peer, (answer) -> this.acknowledgements.answered(asking, ids, answer));
	}

	/** Who is told of the end has got all that was stored. */
	private void awaitEnd(SimulatedConsumer consumer) {
		Position end = this.simulation.topic().lastStored();
		ReplyTo replyTo = this.simulation.ask(consumer.peer, (answer) -> {
			if (answer instanceof Effect.Done) {
				this.holdings.checkEnd(this.acknowledgements.notAskedUpTo(end));
				this.simulation.reached(Reached.END_TOLD);
			}
		});
		this.simulation.send(new Command.AwaitEnd(replyTo, consumer.peer));
	}

	private void retryUnstored(SimulatedConsumer consumer) {
		List<MessageId> unstored = this.acknowledgements.takeUnstored();
		if (!unstored.isEmpty()) {
			acknowledge(consumer, unstored);
		}
	}

	void delivered(Effect.Deliver deliver) {
		this.holdings.delivered(deliver);
	}

	void checkCursor(Storing.StoreAcknowledgements acks) {
		this.acknowledgements.check(acks);
		this.holdings.redelivery().beingStored();
	}

	void acknowledgementsStored(Storing.StoreAcknowledgements acks) {
		this.acknowledgements.stored(acks);
		this.holdings.redelivery().stored(acks.change());
	}

	/** Something that the subscription asked for has failed. */
	void failed(Storing.OfSubscription<?> effect) {
		if (effect.subscription().incarnation() <= this.ended) {
			return;
		}
		if (effect instanceof Storing.Read) {
			this.holdings.letGo();
		}
		else if (effect instanceof Storing.StoreAcknowledgements) {
			this.holdings.redelivery().notStored();
		}
		else if (effect instanceof Storing.ForwardCopy) {
			this.simulation.reached(Reached.FORWARD_FAILED);
		}
	}

	/** A copy of a message is in the dead-letter topic: it must have been given up. */
	void deadLetterStored(MessageId id, DeadLetterOrigin origin) {
		this.holdings.redelivery().check(origin);
		Simulation.require(!origin.error().startsWith(ERROR) || origin.error().equals(ERROR + id),
				"The dead letter of %s has the error of another message: %s", id, origin.error());
	}

	private void unsubscribe(SimulatedConsumer consumer) {
		this.simulation.send(new Command.ChangeOwn(this.simulation.ask(consumer.peer, (answer) -> {
			assertThat(answer).isInstanceOfAny(Effect.Unsubscribed.class, Effect.Refused.class);
			if (answer instanceof Effect.Unsubscribed) {
				consumerClosed(consumer.peer);
				this.simulation.reached(Reached.UNSUBSCRIBED);
			}
		}), consumer.peer, new SubscriptionChange.Delete()));
	}

	private void seek(SimulatedConsumer consumer) {
		Random random = this.simulation.random();
		Peer peer = consumer.peer;
		ReplyTo replyTo = this.simulation.ask(peer, (answer) -> {
			assertThat(answer).isInstanceOfAny(Effect.Done.class, Effect.Refused.class);
			consumer.permits = (answer instanceof Effect.Done) ? 0 : consumer.permits;
		});
		// Perhaps it is not the consumer who asks.
		this.simulation
			.send((random.nextInt(4) > 0) ? new Command.ChangeOwn(replyTo, peer, SimulatedMove.any(this.simulation))
					: new Command.ChangeSubscription(replyTo, this.name, SimulatedMove.any(this.simulation)));
	}

	void moved(Storing.MoveCursor move) {
		ended(move.subscription());
		this.acknowledgements.moved(move);
		this.holdings.moved();
		this.simulation.reached(Reached.SEEK);
	}

	private void ended(SubscriptionId id) {
		this.ended = id.incarnation();
		this.cumulation.forget();
	}

	/** It is stored: nothing of it may go from now on. */
	void created() {
		this.stored = true;
	}

	void checkTrim(Position first) {
		if (this.stored) {
			this.acknowledgements.checkTrim(first);
		}
	}

	/** Entries are taken out of the log. */
	void checkGone(List<MessageId> ids) {
		if (this.stored) {
			this.acknowledgements.checkGone(ids.stream());
		}
	}

	/** What is gone from the log counts as acknowledged. */
	void trimmed(Position first) {
		this.holdings.trimmed(this.acknowledgements.trimmed(first));
	}

	/** The subscription is removed; the next of its name is a new one. */
	void deleted(Storing.DeleteCursor delete) {
		ended(delete.subscription());
		this.stored = false;
		this.acknowledgements.deleted();
		this.holdings.forget();
	}

	/**
	 * Who seeks may name messages that there are not, of an entry that was not read. What
	 * the broker acknowledges itself is known only when that is stored.
	 */
	void checkBacklog(TopicSnapshot.Subscription snapshot, long stored) {
		long backlog = snapshot.backlog();
		long expected = stored - this.acknowledgements.asked();
		Simulation.require(
				this.seeking || backlog == expected
						|| (backlog < expected && backlog >= expected - this.acknowledgements.mayBeGone()),
				"%s has a backlog of %s, not of %s", this.name, backlog, expected);
		if (snapshot.parkedKeys() > 0) {
			this.simulation.reached(Reached.KEY_PARKED);
		}
	}

	void check(List<Entry> log) {
		this.acknowledgements.checkAll(log);
	}

}
