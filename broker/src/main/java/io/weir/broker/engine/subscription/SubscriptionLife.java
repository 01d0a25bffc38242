package io.weir.broker.engine.subscription;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.dispatch.Backlog;
import io.weir.broker.engine.dispatch.ConsumerGroup;
import io.weir.broker.engine.dispatch.Dispatcher;
import io.weir.broker.engine.dispatch.GoneEntries;
import io.weir.broker.engine.dispatch.Redeliveries;
import io.weir.broker.engine.dispatch.SubscriptionConsumer;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

/**
 * A subscription from one cursor on, until it is moved or gone: reads the log for the
 * consumers, delivers, and has stored what they acknowledge.
 */
final class SubscriptionLife {

	private final SubscriptionId id;

	/** Whether it is stored. */
	private final boolean durable;

	private final ConsumerGroup consumers;

	private final TopicContext context;

	private final Dispatcher dispatcher;

	private final CursorWriter cursorWriter;

	private final ExpiredSearch expiredSearch;

	private final DamageStop damageStop;

	/** Where somebody has waited. */
	private @Nullable EndWaits endWaits;

	/** What the engine's figures have of the backlog. */
	private long backlogCounted;

	SubscriptionLife(SubscriptionId id, Cursor cursor, boolean durable, ConsumerGroup consumers, TopicContext context) {
		this.id = id;
		this.durable = durable;
		this.consumers = consumers;
		this.context = context;
		this.dispatcher = Dispatcher.of(id, cursor, consumers, context);
		if (!durable) {
			redeliveries().onlyAsStated();
		}
		this.cursorWriter = new CursorWriter(id, backlog().ledger(), context.out());
		this.expiredSearch = new ExpiredSearch(id, durable, backlog(), context);
		this.damageStop = new DamageStop(backlog());
		countBacklog();
	}

	SubscriptionId id() {
		return this.id;
	}

	SubscriptionType type() {
		return this.consumers.type();
	}

	boolean isDurable() {
		return this.durable;
	}

	ConsumerGroup consumers() {
		return this.consumers;
	}

	Backlog backlog() {
		return this.dispatcher.backlog();
	}

	Redeliveries redeliveries() {
		return backlog().redeliveries();
	}

	DamageStop damageStop() {
		return this.damageStop;
	}

	CursorWriter cursorWriter() {
		return this.cursorWriter;
	}

	/** The same with another cursor: what was before is forgotten. */
	SubscriptionLife movedTo(SubscriptionId id, Cursor target) {
		SubscriptionLife next = new SubscriptionLife(id, target, this.durable, this.consumers, this.context);
		next.redeliveries().state(redeliveries().stated());
		next.backlog().compacted(backlog().isCompacted());
		this.consumers.slowStart().reset();
		return next;
	}

	void attach(Command.Subscribe command) {
		if (this.consumers.isEmpty()) {
			redeliveries().state(RedeliveryPolicy.NONE);
		}
		state(command);
		this.consumers.add(SubscriptionConsumer.of(command));
		this.dispatcher.unblock();
	}

	/** A consumer has come back: what it had not acknowledged comes again. */
	void replace(SubscriptionConsumer former, Command.Subscribe command) {
		refuseToWait(ErrorCode.UNKNOWN_CONSUMER, "The consumer was introduced again");
		state(command);
		this.consumers.replace(former, SubscriptionConsumer.of(command));
		giveBackAll(former, false);
	}

	/**
	 * Removes a consumer; what it has not acknowledged waits for another.
	 * @param died whether it was lost with its session
	 */
	void detach(SubscriptionConsumer consumer, boolean died) {
		refuseToWait(ErrorCode.UNKNOWN_CONSUMER, "The consumer is gone");
		this.consumers.remove(consumer.peer());
		giveBackAll(consumer, died);
		if (this.consumers.isEmpty()) {
			backlog().release();
		}
	}

	/** The policy that was stated last is that of all consumers. */
	private void state(Command.Subscribe command) {
		backlog().compacted(command.compacted() && !this.durable);
		if (command.redelivery() != null) {
			redeliveries().state(command.redelivery());
		}
	}

	private void giveBackAll(SubscriptionConsumer consumer, boolean died) {
		redeliveries().giveBackAll(consumer, died);
		storeCounts();
		this.dispatcher.unblock();
	}

	/** Nobody waits for it. */
	private void storeCounts() {
		if (this.durable) {
			this.cursorWriter.note();
		}
		else {
			dropChanges();
		}
	}

	/** What is not durable ends before it could be read again. */
	private void dropChanges() {
		backlog().ledger().changes().drop();
		redeliveries().acknowledgementsStored();
	}

	/** What has expired is acknowledged by nobody else. */
	private void storeIfExpired() {
		if (backlog().expiry().takeNews()) {
			storeCounts();
			countBacklog();
		}
	}

	private void expiredFound() {
		this.expiredSearch.ended();
		storeIfExpired();
		this.expiredSearch.begin();
	}

	/** Time goes by. */
	void tick() {
		this.expiredSearch.begin();
		if (redeliveries().tick()) {
			storeCounts();
			this.dispatcher.unblock();
		}
	}

	/** Handles what an attached consumer says of messages. */
	void handle(Command.OfConsumer command) {
		if (command instanceof Command.Acknowledge acknowledge) {
			acknowledge.ids().forEach(backlog()::acknowledge);
			unblockIf(this.consumers.slowStart().decided(consumer(acknowledge.consumer()), acknowledge.ids()));
			acknowledged(acknowledge.replyTo());
		}
		else if (command instanceof Command.AcknowledgeUpTo acknowledge) {
			acknowledgeUpTo(acknowledge);
		}
		else if (command instanceof Command.Flow flow) {
			SubscriptionConsumer consumer = consumer(flow.consumer());
			boolean before = consumer.isAvailable();
			consumer.grant(flow.permits());
			unblockIf(!before && consumer.isAvailable());
		}
		else if (command instanceof Command.DeliveryWritten written) {
			SubscriptionConsumer consumer = consumer(written.consumer());
			// With no bytes, there is room where there was none before.
			boolean before = written.bytes() > 0 && consumer.isAvailable();
			consumer.written(written.bytes());
			unblockIf(!before && consumer.isAvailable());
		}
		else if (command instanceof Command.NegativeAcknowledge negative) {
			redeliveries().giveBack(consumer(negative.consumer()), negative.ids(), negative.delay(), negative.forGood(),
					negative.report());
			storeCounts();
			this.dispatcher.unblock();
		}
		else if (command instanceof Command.AwaitEnd await) {
			this.endWaits = (this.endWaits != null) ? this.endWaits : new EndWaits(backlog(), this.context);
			this.endWaits.add(await, type());
		}
		else if (command instanceof Command.AskBacklog ask) {
			this.context.out().accept(new Effect.BacklogTold(ask.replyTo(), SubscriptionView.left(backlog())));
		}
	}

	private void refuseToWait(ErrorCode code, String reason) {
		if (this.endWaits != null) {
			this.endWaits.refuse(code, reason);
		}
	}

	private void acknowledgeUpTo(Command.AcknowledgeUpTo acknowledge) {
		Effect.Refused refusal = SubscribeCheck.refusal(acknowledge, this);
		if (refusal != null) {
			this.context.out().accept(refusal);
			return;
		}
		backlog().acknowledgeUpTo(acknowledge.id());
		unblockIf(this.consumers.slowStart().decidedUpTo(consumer(acknowledge.consumer()), acknowledge.id()));
		acknowledged(acknowledge.replyTo());
	}

	private void unblockIf(boolean reason) {
		if (reason) {
			this.dispatcher.unblock();
		}
	}

	private void acknowledged(ReplyTo replyTo) {
		countBacklog();
		redeliveries().acknowledged();
		if (this.durable) {
			this.cursorWriter.request(replyTo);
		}
		else {
			dropChanges();
			this.context.done(replyTo);
		}
	}

	/** The first entry with something that is not acknowledged, or the next one. */
	Position needed() {
		return backlog().ledger().acknowledgedUpTo().after();
	}

	/** The beginning of the log is gone, and does not come again to who has it. */
	void trimmed() {
		backlog().trimmed();
		if (!this.durable) {
			dropChanges();
		}
		this.dispatcher.unblock();
		countBacklog();
	}

	/** Damaged entries are gone, as if somebody had acknowledged all of them. */
	void skipped(Map<Position, Integer> entries) {
		this.damageStop.skipped(entries);
		redeliveries().acknowledged();
		storeCounts();
		countBacklog();
		this.dispatcher.unblock();
	}

	/** Entries are gone, of which only readers may have something yet: as if trimmed. */
	void removed(Set<Position> entries) {
		if (!this.durable && GoneEntries.passOver(entries, backlog())) {
			trimmed();
		}
	}

	/**
	 * Handles an outcome that concerns nobody but this life; what is read is taken if a
	 * consumer is there to have it.
	 * @return what is wrong with the log, or {@code null}
	 */
	@Nullable String handle(Outcome.OfSubscription outcome) {
		String problem = null;
		if (outcome instanceof Outcome.EntriesRead read) {
			problem = backlog().entriesRead(read.entries(), !this.consumers.isEmpty());
			countBacklog();
		}
		else if (outcome instanceof Outcome.AcknowledgementsStored) {
			// Before the next ones are on their way, of which that must not be thought.
			redeliveries().acknowledgementsStored();
			this.cursorWriter.stored();
		}
		else if (outcome instanceof Outcome.CopyForwarded forwarded) {
			redeliveries().forwarded(forwarded.source().message(forwarded.index()));
			storeCounts();
			countBacklog();
			backlog().expiry().readOn();
		}
		else if (outcome instanceof Outcome.ExpiredFound found) {
			backlog().expiry().before(found.position(), found.ordinal());
			expiredFound();
		}
		else if (outcome instanceof Outcome.OrdinalFound found) {
			backlog().ordinalFound(found);
			countBacklog();
			// Now it is known that there is something that may be too old.
			this.expiredSearch.begin();
		}
		return problem;
	}

	/** Handles that something failed which concerns nobody but this life. */
	void failed(Storing.OfSubscription<?> effect, StorageFailure failure) {
		if (effect instanceof Storing.FindExpired) {
			expiredFound();
		}
		else if (effect instanceof Storing.ForwardCopy forward) {
			redeliveries().forwardFailed(forward.source().message(forward.index()), failure);
		}
		else {
			this.cursorWriter.failed(failure);
		}
	}

	/** Delivers whatever can be delivered now. */
	void dispatch() {
		this.dispatcher.dispatch();
		storeIfExpired();
		if (this.endWaits != null) {
			this.endWaits.delivered();
		}
	}

	/** It is moved or gone, so that nothing of it comes again, whatever happens. */
	void endForGood() {
		redeliveries().end();
		end();
	}

	/** Nothing is delivered or stored any more. */
	void end() {
		refuseToWait(ErrorCode.SUBSCRIPTION_MOVED, "The subscription was moved or removed meanwhile");
		this.dispatcher.end();
		countBacklog(0);
	}

	/** The topic has a new entry. */
	void entryStored() {
		countBacklog();
		this.expiredSearch.begin();
	}

	void countBacklog() {
		backlog().countPending();
		countBacklog(this.durable ? backlog().messages() : 0);
	}

	private void countBacklog(long messages) {
		this.context.figures().backlog(messages - this.backlogCounted);
		this.backlogCounted = messages;
	}

	TopicSnapshot.Subscription snapshot(long trimmed) {
		return SubscriptionView.of(this, this.consumers, this.context.topic().name(), trimmed);
	}

	private SubscriptionConsumer consumer(Peer peer) {
		return Objects.requireNonNull(this.consumers.find(peer), "Not a consumer of this subscription");
	}

}
