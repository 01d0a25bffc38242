package io.weir.broker.engine;

import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * One subscription: reads the log for its consumers and delivers, the lowest position
 * first, whether it is new or came back.
 */
final class Subscription {

	private SubscriptionId id;

	private final SubscriptionType type;

	/** Whether it is stored; else it ends with its consumer. */
	private final boolean durable;

	private final SubscriptionContext context;

	private final Consumer<Effect> out;

	private final ConsumerGroup consumers;

	private Dispatcher dispatcher;

	private CursorWriter cursorWriter;

	/** What the engine's figures have of the backlog. */
	private long backlogCounted;

	/** While the subscription is being moved nothing is delivered. */
	private @Nullable Seek seek;

	Subscription(String name, Cursor cursor, boolean durable, SubscriptionContext context) {
		this.context = context;
		this.out = context.out();
		this.id = new SubscriptionId(name, context.lives().getAsLong());
		this.type = cursor.type();
		this.durable = durable;
		this.consumers = new ConsumerGroup(this.type);
		this.dispatcher = Dispatcher.of(this.type, this.id, cursor, this.consumers, context);
		this.cursorWriter = new CursorWriter(this.id, this.dispatcher.backlog().ledger(), context.out());
	}

	SubscriptionId id() {
		return this.id;
	}

	SubscriptionType type() {
		return this.type;
	}

	boolean isDurable() {
		return this.durable;
	}

	boolean isBusy() {
		return this.type == SubscriptionType.EXCLUSIVE && !this.consumers.isEmpty();
	}

	boolean hasConsumers() {
		return !this.consumers.isEmpty();
	}

	boolean isBeingMoved() {
		return this.seek != null;
	}

	boolean has(Peer peer) {
		return this.consumers.find(peer) != null;
	}

	boolean hasOtherConsumers(Peer peer) {
		return this.consumers.all().stream().anyMatch((consumer) -> !consumer.peer().equals(peer));
	}

	void attach(SubscriptionConsumer consumer) {
		this.consumers.add(consumer);
		this.dispatcher.unblock();
	}

	/** The consumer as it was introduced before. */
	@Nullable SubscriptionConsumer former(ConsumerInstance instance) {
		return this.consumers.find(instance);
	}

	/** A consumer has come back: what it had not acknowledged comes again. */
	void replace(SubscriptionConsumer former, SubscriptionConsumer consumer) {
		this.consumers.replace(former, consumer);
		backlog().giveBackAll(former);
		this.dispatcher.unblock();
		dispatch();
	}

	/** Removes a consumer; what it has not acknowledged waits for another. */
	void detach(Peer peer) {
		SubscriptionConsumer consumer = this.consumers.remove(peer);
		if (consumer == null) {
			return;
		}
		backlog().giveBackAll(consumer);
		if (this.consumers.isEmpty()) {
			backlog().release();
		}
		else {
			this.dispatcher.unblock();
			dispatch();
		}
	}

	void flow(Command.Flow flow) {
		SubscriptionConsumer consumer = consumer(flow.consumer());
		boolean before = consumer.isAvailable();
		consumer.grant(flow.permits());
		dispatch(consumer, before);
	}

	void written(Command.DeliveryWritten written) {
		SubscriptionConsumer consumer = consumer(written.consumer());
		// With no bytes, there is room where there was none before.
		boolean before = written.bytes() > 0 && consumer.isAvailable();
		consumer.written(written.bytes());
		dispatch(consumer, before);
	}

	private void dispatch(SubscriptionConsumer consumer, boolean wasAvailable) {
		if (!wasAvailable && consumer.isAvailable()) {
			this.dispatcher.unblock();
		}
		dispatch();
	}

	void acknowledge(Command.Acknowledge acknowledge) {
		acknowledge.ids().forEach(backlog()::acknowledge);
		acknowledged(acknowledge.replyTo());
		dispatch();
	}

	void acknowledgeUpTo(Command.AcknowledgeUpTo acknowledge) {
		if (this.type == SubscriptionType.SHARED || this.type == SubscriptionType.KEY_SHARED) {
			this.out.accept(new Effect.Refused(acknowledge.replyTo(), ErrorCode.INVALID_REQUEST,
					"Subscription '" + this.id.name() + "' is of type " + this.type
							+ ": its messages are acknowledged one by one; up to a message, only those of EXCLUSIVE "
							+ "and FAILOVER subscriptions are"));
			return;
		}
		backlog().acknowledgeUpTo(acknowledge.id());
		acknowledged(acknowledge.replyTo());
		dispatch();
	}

	private void acknowledged(ReplyTo replyTo) {
		countBacklog();
		if (this.durable) {
			this.cursorWriter.request(replyTo);
		}
		else {
			backlog().ledger().takeChanges();
			this.out.accept(new Effect.Done(replyTo));
		}
	}

	void negativeAcknowledge(Command.NegativeAcknowledge command) {
		backlog().giveBack(consumer(command.consumer()), command.ids());
		this.dispatcher.unblock();
		dispatch();
	}

	void acknowledgementsStored() {
		this.cursorWriter.stored();
	}

	void acknowledgementsFailed(StorageFailure failure) {
		this.cursorWriter.failed(failure);
	}

	/** Begins to move the subscription to a message. */
	void seek(Command.SeekId command) {
		this.seek = new Seek(command.replyTo(), command.consumer(), null);
		move(Seek.target(this.type, command.id(), this.context.topic().lastStored()));
	}

	/** Begins to move the subscription to what was stored at a time. */
	void seek(Command.SeekTime command) {
		this.seek = new Seek(command.replyTo(), command.consumer(), null);
		this.out.accept(new Effect.FindTime(this.id, command.publishTime()));
	}

	void timeFound(Position position) {
		move(new Cursor(this.type, AckLedger.before(position), new TreeMap<>()));
	}

	private void move(Cursor target) {
		this.seek = Objects.requireNonNull(this.seek).to(target);
		if (this.durable) {
			this.cursorWriter.change(new Effect.MoveCursor(this.id, target.acknowledgedUpTo(), target.entries()));
		}
		else {
			moved();
		}
	}

	/** The new cursor is stored: what was before is forgotten. */
	void moved() {
		Seek done = Objects.requireNonNull(this.seek);
		this.seek = null;
		this.cursorWriter.changed();
		backlog().end();
		this.id = new SubscriptionId(this.id.name(), this.context.lives().getAsLong());
		Cursor target = Objects.requireNonNull(done.target());
		this.dispatcher = Dispatcher.of(this.type, this.id, target, this.consumers, this.context);
		this.cursorWriter = new CursorWriter(this.id, backlog().ledger(), this.out);
		countBacklog();
		for (SubscriptionConsumer consumer : this.consumers.all()) {
			consumer.reset();
			if (!consumer.peer().equals(done.consumer())) {
				this.consumers.remove(consumer.peer());
				this.out
					.accept(new Effect.ConsumerClosed(consumer.address(), consumer.peer(), ErrorCode.SUBSCRIPTION_MOVED,
							"Another consumer moved the subscription '" + this.id.name() + "'"));
			}
		}
		this.out.accept(new Effect.Done(done.replyTo()));
	}

	/** The subscription could not be moved, and all goes on. */
	void moveFailed(StorageFailure failure) {
		this.cursorWriter.changeFailed();
		seekFailed(failure);
	}

	/** There is no telling where to move to, and all goes on. */
	void seekFailed(StorageFailure failure) {
		Seek failed = Objects.requireNonNull(this.seek);
		this.seek = null;
		this.out.accept(Effect.Refused.of(failed.replyTo(), failure));
		dispatch();
	}

	/** Has the cursor deleted, once what is under way for it is stored. */
	void delete() {
		this.cursorWriter.change(new Effect.DeleteCursor(this.id));
	}

	/** The cursor is deleted: nothing can be delivered or stored any more. */
	void deleted() {
		this.cursorWriter.changed();
		backlog().end();
		countBacklog(0);
	}

	/** The cursor could not be deleted, and all goes on. */
	void deleteFailed() {
		this.cursorWriter.changeFailed();
	}

	/** The topic has a new entry. */
	void entryStored() {
		countBacklog();
		dispatch();
	}

	void ordinalFound(Command.OrdinalFound found) {
		backlog().ordinalFound(found);
		countBacklog();
	}

	void entriesRead(List<Entry> entries) {
		String problem = backlog().entriesRead(entries, hasConsumers());
		countBacklog();
		if (problem != null) {
			letConsumersGo(new StorageFailure(ErrorCode.STORAGE_FAILED, problem));
		}
		dispatch();
	}

	void readFailed(StorageFailure failure) {
		backlog().readFailed();
		letConsumersGo(failure);
	}

	/** Without reading there is nothing for the consumers here. */
	void letConsumersGo(StorageFailure failure) {
		for (SubscriptionConsumer consumer : this.consumers.all()) {
			this.consumers.remove(consumer.peer());
			backlog().giveBackAll(consumer);
			this.out.accept(
					new Effect.ConsumerClosed(consumer.address(), consumer.peer(), failure.code(), failure.reason()));
		}
		backlog().release();
	}

	void close() {
		backlog().end();
		countBacklog(0);
	}

	TopicSnapshot.Subscription snapshot() {
		List<TopicSnapshot.Consumer> snapshots = this.consumers.all()
			.stream()
			.map(SubscriptionConsumer::snapshot)
			.toList();
		long inFlight = snapshots.stream().mapToLong(TopicSnapshot.Consumer::inFlight).sum();
		return new TopicSnapshot.Subscription(this.id.name(), this.type, this.durable, backlog().messages(), inFlight,
				backlog().oldestDelivered(), snapshots);
	}

	private void countBacklog() {
		backlog().countPending();
		countBacklog(this.durable ? backlog().messages() : 0);
	}

	private void countBacklog(long messages) {
		this.context.figures().backlog(messages - this.backlogCounted);
		this.backlogCounted = messages;
	}

	private void dispatch() {
		if (!isBeingMoved()) {
			this.dispatcher.dispatch();
		}
	}

	private Backlog backlog() {
		return this.dispatcher.backlog();
	}

	private SubscriptionConsumer consumer(Peer peer) {
		return Objects.requireNonNull(this.consumers.find(peer), "Not a consumer of this subscription");
	}

}
