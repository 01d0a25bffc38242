package io.weir.broker.engine.subscription;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.dispatch.ConsumerGroup;
import io.weir.broker.engine.dispatch.SubscriptionConsumer;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * One subscription, from its creation to its end, and its consumers.
 *
 * <pre>
 * Creating → Active            it is stored
 * Creating → the end           it cannot be stored
 * Active → Moving → Active     by a consumer or by name; it goes on where it was if that fails
 * Active → Deleting → the end  likewise; Active again if that fails
 * </pre>
 *
 * One that is not durable is Active at once, is moved and deleted without waiting for the
 * store, and ends with its consumer.
 */
final class Subscription {

	private static final String REPLACED = "The consumer was introduced again";

	private final SubscriptionDirectory directory;

	private final TopicContext context;

	private final ConsumerGroup consumers;

	private SubscriptionLife life;

	private SubscriptionState state;

	Subscription(SubscriptionId id, Cursor cursor, boolean durable, SubscriptionState state,
			SubscriptionDirectory directory, TopicContext context) {
		this.state = state;
		this.directory = directory;
		this.context = context;
		this.consumers = new ConsumerGroup(cursor.type(), context.time());
		this.life = new SubscriptionLife(id, cursor, durable, this.consumers, context);
	}

	SubscriptionId id() {
		return this.life.id();
	}

	String name() {
		return id().name();
	}

	SubscriptionType type() {
		return this.life.type();
	}

	/** Whether it is stored; else it ends with its consumer. */
	boolean isDurable() {
		return this.life.isDurable();
	}

	/** Somebody wants to become a consumer who is none of this topic. */
	void subscribe(Command.Subscribe command) {
		SubscriptionConsumer former = this.consumers.find(command.instance());
		Effect.Refused refused = SubscribeCheck.refusal(command, this, this.consumers, this.state);
		if (this.state instanceof SubscriptionState.Creating creating) {
			creating.held().add(command);
			this.directory.enter(command.consumer(), this);
		}
		else if (refused != null) {
			this.context.out().accept(refused);
		}
		else if (former != null) {
			replace(former, command);
		}
		else {
			this.life.attach(command);
			this.directory.enter(command.consumer(), this);
			this.context.done(command.replyTo());
		}
	}

	/**
	 * A consumer is introduced again, perhaps before anybody has noticed that its former
	 * session is dead. Whatever that may still say is of nobody.
	 */
	private void replace(SubscriptionConsumer former, Command.Subscribe command) {
		this.directory.enter(command.consumer(), this);
		tellClosed(former, ErrorCode.CONSUMER_REPLACED, REPLACED);
		this.context.done(command.replyTo());
		this.life.replace(former, command);
		dispatch();
	}

	/** Something has happened to all subscriptions. */
	void happened(Consumer<SubscriptionLife> event) {
		event.accept(this.life);
		dispatch();
	}

	/**
	 * Ends a subscription that is not durable if its consumer is introduced again: a
	 * reader that comes back begins anew.
	 */
	boolean endIfReaderReturns(Command.Subscribe command) {
		SubscriptionConsumer former = this.consumers.find(command.instance());
		if (former == null || !SubscribeCheck.isReaderAgain(command, former, this)) {
			return false;
		}
		leave(former.peer(), false);
		tellClosed(former, ErrorCode.CONSUMER_REPLACED, REPLACED);
		return true;
	}

	/** Whether a consumer is introduced again. */
	boolean returns(Command.Subscribe command) {
		return this.consumers.find(command.instance()) != null;
	}

	/** Handles what somebody says who is a consumer, or waits to be one. */
	void handle(Command.OfConsumer command) {
		if (this.state instanceof SubscriptionState.Creating creating) {
			creating.held().add(command);
		}
		else if (command instanceof Command.Subscribe subscribe) {
			this.context.out()
				.accept(new Effect.Refused(subscribe.replyTo(), ErrorCode.INVALID_REQUEST,
						"Consumer " + command.consumer().id() + " is subscribed already"));
		}
		else if (command instanceof Command.ChangeOwn own) {
			change(own, own.change(), own.consumer());
		}
		else {
			this.life.handle(command);
			dispatch();
		}
	}

	/** Handles what a consumer wants, or somebody who need not be one. */
	void change(Command.Request command, SubscriptionChange change, @Nullable Peer consumer) {
		String refusal = this.state.refusal(command);
		if (refusal != null) {
			this.context.refuse(command, ErrorCode.SUBSCRIPTION_BUSY, "Subscription '" + name() + "' " + refusal);
		}
		else if (change instanceof SubscriptionChange.MoveToMessage move) {
			Cursor target = SeekTarget.of(type(), move.id(), this.context.topic().lastStored());
			this.state = new SubscriptionState.Moving(command.replyTo(), consumer, move);
			move(target);
		}
		else if (change instanceof SubscriptionChange.MoveToTime move) {
			this.state = new SubscriptionState.Moving(command.replyTo(), consumer, move);
			this.context.out().accept(new Storing.FindTime(id(), move.publishTime()));
		}
		else if (change instanceof SubscriptionChange.Delete) {
			delete(command.replyTo(), consumer);
		}
	}

	/** A consumer goes, perhaps with its session, or one that waits to be one. */
	void leave(Peer peer, boolean died) {
		this.directory.leave(peer);
		if (this.state instanceof SubscriptionState.Creating creating) {
			creating.withdraw(peer)
				.forEach((command) -> this.context.refuse(command, ErrorCode.UNKNOWN_CONSUMER,
						"Consumer " + peer.id() + " was closed before its subscription was stored"));
			return;
		}
		this.life.detach(Objects.requireNonNull(this.consumers.find(peer)), died);
		dispatch();
		endUnlessNeeded();
	}

	/** Handles how it went what was asked in this life. */
	void handle(Outcome.OfSubscription outcome) {
		if (outcome instanceof Outcome.TimeFound found) {
			move(SeekTarget.of(type(), found.position()));
		}
		else if (outcome instanceof Outcome.CursorMoved moved) {
			moved(moved.target());
		}
		else if (outcome instanceof Outcome.CursorDeleted) {
			deleted();
		}
		else {
			String problem = this.life.handle(outcome);
			if (problem != null) {
				letConsumersGo(new StorageFailure(ErrorCode.STORAGE_FAILED, problem));
			}
			dispatch();
		}
	}

	/** Handles that it failed; an ordinal that is not found says the next read. */
	void failed(Storing.OfSubscription<?> effect, StorageFailure failure) {
		if (effect instanceof Storing.Read read) {
			this.life.backlog().readFailed();
			letConsumersGo(this.life.damageStop().readFailed(read, failure));
		}
		else if (effect instanceof Storing.StoreAcknowledgements || effect instanceof Storing.ForwardCopy
				|| effect instanceof Storing.FindExpired) {
			this.life.failed(effect, failure);
		}
		else if (effect instanceof Storing.CreateCursor) {
			List<Command.OfConsumer> held = takeHeld();
			end();
			held.forEach((command) -> this.context.refuse(command, failure.code(), failure.reason()));
		}
		else if (effect instanceof Storing.FindTime) {
			notChanged(failure);
		}
		else if (effect instanceof Storing.MoveCursor || effect instanceof Storing.DeleteCursor) {
			this.life.cursorWriter().changeFailed();
			notChanged(failure);
		}
	}

	/**
	 * The subscription is stored.
	 * @return what was held, to be handled now
	 */
	List<Command.OfConsumer> created() {
		List<Command.OfConsumer> held = takeHeld();
		this.state = SubscriptionState.Active.ACTIVE;
		return held;
	}

	private List<Command.OfConsumer> takeHeld() {
		SubscriptionState.Creating creating = (SubscriptionState.Creating) this.state;
		List<Command.OfConsumer> held = List.copyOf(creating.held());
		creating.held().clear();
		held.forEach((command) -> this.directory.leave(command.consumer()));
		return held;
	}

	private void move(Cursor target) {
		if (isDurable()) {
			this.life.cursorWriter().change(new Storing.MoveCursor(id(), target));
		}
		else {
			moved(target);
		}
	}

	/** The new cursor is stored: what was before is forgotten. */
	private void moved(Cursor target) {
		SubscriptionState.Moving moving = (SubscriptionState.Moving) this.state;
		this.state = SubscriptionState.Active.ACTIVE;
		this.life.cursorWriter().changed();
		this.life.endForGood();
		this.life = this.life.movedTo(this.directory.newIncarnation(name()), target);
		for (SubscriptionConsumer consumer : this.consumers.all()) {
			consumer.reset();
			if (!consumer.peer().equals(moving.consumer())) {
				letGo(consumer, ErrorCode.SUBSCRIPTION_MOVED, "The subscription '" + name() + "' was moved");
			}
		}
		this.context.out()
			.accept(new Effect.Done(moving.replyTo(),
					SeekTarget.insteadOf(moving.wanted(), target, this.context.topic())));
		endUnlessNeeded();
	}

	private void delete(ReplyTo replyTo, @Nullable Peer consumer) {
		if (this.consumers.hasOthersThan(consumer)) {
			this.context.out()
				.accept(new Effect.Refused(replyTo, ErrorCode.SUBSCRIPTION_BUSY, "Subscription '" + name() + "' has "
						+ ((consumer != null) ? "other consumers" : "consumers") + " and cannot be removed"));
			return;
		}
		this.state = new SubscriptionState.Deleting(replyTo, consumer);
		if (isDurable()) {
			this.life.cursorWriter().change(new Storing.DeleteCursor(id()));
		}
		else {
			deleted();
		}
	}

	private void deleted() {
		SubscriptionState.Deleting deleting = (SubscriptionState.Deleting) this.state;
		this.life.cursorWriter().changed();
		end();
		Peer consumer = deleting.consumer();
		if (consumer != null) {
			this.context.out().accept(new Effect.Unsubscribed(deleting.replyTo(), consumer));
		}
		else {
			this.context.done(deleting.replyTo());
		}
	}

	/** It could not be moved or deleted, and all goes on. */
	private void notChanged(StorageFailure failure) {
		SubscriptionState.Changing changing = (SubscriptionState.Changing) this.state;
		this.state = SubscriptionState.Active.ACTIVE;
		this.context.out().accept(Effect.Refused.of(changing.replyTo(), failure));
		dispatch();
	}

	/**
	 * What must be kept of the log for this subscription, if what stands before a
	 * position may go. While it is being moved nothing is said to go.
	 */
	Position keep(Position before) {
		return (isDurable() && this.state instanceof SubscriptionState.Moving) ? this.context.topic().first()
				: needed(before);
	}

	/** The first position that is not acknowledged, or an earlier one that is given. */
	Position needed(Position other) {
		return (isDurable() && other.isAfter(this.life.needed())) ? this.life.needed() : other;
	}

	/** Why it goes no further than it has come, or {@code null}. */
	@Nullable String stopped() {
		return this.life.damageStop().reason();
	}

	/** Whether nothing goes on, and nothing is known that is not stored. */
	boolean isQuiet() {
		return this.state instanceof SubscriptionState.Active && this.consumers.isEmpty()
				&& this.life.redeliveries().isQuiet();
	}

	/** Whoever is a consumer, or waits to be one, has to come again. */
	void logLost(StorageFailure failure) {
		if (this.state instanceof SubscriptionState.Creating) {
			takeHeld().forEach((command) -> this.context.refuse(command, failure.code(), failure.reason()));
		}
		else {
			letConsumersGo(failure);
		}
	}

	private void letConsumersGo(StorageFailure failure) {
		this.consumers.all().forEach((consumer) -> letGo(consumer, failure.code(), failure.reason()));
		endUnlessNeeded();
	}

	private void letGo(SubscriptionConsumer consumer, ErrorCode code, String reason) {
		this.life.detach(consumer, false);
		tellClosed(consumer, code, reason);
	}

	private void tellClosed(SubscriptionConsumer consumer, ErrorCode code, String reason) {
		this.directory.leave(consumer.peer());
		this.context.out().accept(new Effect.ConsumerClosed(consumer.peer(), code, reason));
	}

	private void endUnlessNeeded() {
		if (!isDurable() && this.consumers.isEmpty()) {
			end();
			if (this.state instanceof SubscriptionState.Moving moving) {
				this.context.out()
					.accept(new Effect.Refused(moving.replyTo(), ErrorCode.NOT_FOUND,
							"Subscription '" + name() + "' has ended with its last consumer"));
			}
		}
	}

	private void end() {
		this.directory.remove(this);
		this.life.endForGood();
	}

	/** Gives up what is held and counted. */
	void close() {
		this.life.end();
	}

	TopicSnapshot.Subscription snapshot(long trimmed) {
		return this.life.snapshot(trimmed);
	}

	private void dispatch() {
		if (this.state.delivers() && !this.consumers.isEmpty()) {
			this.life.dispatch();
		}
	}

}
