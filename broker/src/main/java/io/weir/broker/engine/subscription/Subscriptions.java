package io.weir.broker.engine.subscription;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Browse;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.ForwardNames;
import io.weir.broker.engine.NoteReplayed;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.message.InitialPosition;
import io.weir.wire.BrokerLimit;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * The way out of a topic: what consumers say, and what the store says, goes to the
 * subscription that it concerns. A new subscription is created for the first who asks.
 */
public final class Subscriptions {

	private final SubscriptionDirectory directory = new SubscriptionDirectory();

	private final TopicContext context;

	/** Where somebody has asked for it. */
	private @Nullable Replayed replayed;

	/** Since something was trimmed. */
	private @Nullable TrimmedMessages trimmed;

	public Subscriptions(TopicContext context) {
		this.context = context;
	}

	/**
	 * Takes up the subscriptions that were stored, by their names, so that the same is
	 * done in the same order in each JVM.
	 */
	public void recover(Map<String, Cursor> cursors) {
		new TreeMap<>(cursors).forEach((name, cursor) -> {
			if (name.equals(ForwardNames.REPLAYED)) {
				this.replayed = new Replayed(cursor, this.context);
			}
			else {
				add(this.directory.newIncarnation(name), cursor, true, SubscriptionState.Active.ACTIVE);
			}
		});
	}

	/** Of dead letters that come it is stored which of them are replayed. */
	public void note(Command.Producing command) {
		if (command instanceof Command.OpenProducer open && ForwardNames.isOfDeadLetters(open.name())) {
			replayed().begin();
		}
	}

	public void handle(Browse command) {
		replayed().browse(command);
	}

	public void handle(NoteReplayed command) {
		replayed().note(command);
	}

	private Replayed replayed() {
		Replayed present = this.replayed;
		if (present == null) {
			present = new Replayed(null, this.context);
			this.replayed = present;
		}
		return present;
	}

	public void handle(Command.OfConsumer command) {
		Subscription subscription = this.directory.of(command.consumer());
		if (command instanceof Command.CloseConsumer close) {
			if (subscription != null) {
				subscription.leave(close.consumer(), false);
			}
			this.context.done(close.replyTo());
		}
		else if (subscription != null) {
			subscription.handle(command);
		}
		else if (command instanceof Command.Subscribe subscribe) {
			subscribe(subscribe);
		}
		else {
			this.context.refuse(command, ErrorCode.UNKNOWN_CONSUMER,
					"No consumer " + command.consumer().id() + " is subscribed");
		}
	}

	public void handle(Command.ChangeSubscription command) {
		Subscription subscription = this.directory.find(command.subscription());
		if (subscription != null) {
			subscription.change(command, command.change(), null);
		}
		else {
			this.context.refuse(command, ErrorCode.NOT_FOUND,
					"Topic " + this.context.topic().name() + " has no subscription '" + command.subscription() + "'");
		}
	}

	private void subscribe(Command.Subscribe command) {
		Subscription subscription = this.directory.find(command.subscription());
		if (isFull(BrokerLimit.CONSUMERS_PER_TOPIC, consumers())
				&& (subscription == null || !subscription.returns(command))) {
			refuse(command, BrokerLimit.CONSUMERS_PER_TOPIC, consumers() + " consumers");
		}
		else if (subscription != null && !subscription.endIfReaderReturns(command)) {
			subscription.subscribe(command);
			TrimmedMessages messages = this.trimmed;
			if (messages != null) {
				subscription.happened((life) -> messages.attached(life, command.consumer()));
			}
		}
		else if (isFull(BrokerLimit.SUBSCRIPTIONS_PER_TOPIC, this.directory.size())) {
			refuse(command, BrokerLimit.SUBSCRIPTIONS_PER_TOPIC, this.directory.size() + " subscriptions");
		}
		else {
			create(command);
		}
	}

	private boolean isFull(BrokerLimit limit, int present) {
		return present >= this.context.budgets().of(limit).limit();
	}

	private void refuse(Command.Subscribe command, BrokerLimit limit, String what) {
		this.context.budgets().of(limit).countRefusal();
		this.context.refuse(command, ErrorCode.LIMIT_EXCEEDED, "Topic " + this.context.topic().name() + " has " + what
				+ " and may not have more; the limit is " + limit.property());
	}

	private void create(Command.Subscribe command) {
		Position start = (command.initialPosition() == InitialPosition.EARLIEST) ? this.context.topic().first().before()
				: this.context.topic().lastStored();
		SubscriptionId id = this.directory.newIncarnation(command.subscription());
		SubscriptionState state = SubscriptionState.Active.ACTIVE;
		if (command.durable()) {
			this.context.out().accept(new Storing.CreateCursor(id, command.type(), start));
			state = new SubscriptionState.Creating();
		}
		add(id, Cursor.at(command.type(), start), command.durable(), state).subscribe(command);
	}

	private Subscription add(SubscriptionId id, Cursor cursor, boolean durable, SubscriptionState state) {
		Subscription subscription = new Subscription(id, cursor, durable, state, this.directory, this.context);
		this.directory.add(subscription);
		return subscription;
	}

	public void handle(Outcome.OfSubscription outcome) {
		if (Replayed.isMeant(outcome.subscription())) {
			replayed().handle(outcome);
			return;
		}
		Subscription subscription = this.directory.find(outcome.subscription());
		if (subscription == null) {
			outcome.release();
		}
		else if (outcome instanceof Outcome.CursorCreated) {
			subscription.created().forEach(this::handle);
		}
		else if (outcome instanceof Outcome.OrdinalFound found && this.trimmed != null) {
			TrimmedMessages messages = this.trimmed;
			subscription.happened((life) -> messages.ordinalFound(life, found));
		}
		else {
			subscription.handle(outcome);
		}
	}

	public void storageFailed(Storing.OfSubscription<?> effect, StorageFailure failure) {
		if (Replayed.isMeant(effect.subscription())) {
			replayed().failed(effect, failure);
			return;
		}
		Subscription subscription = this.directory.find(effect.subscription());
		if (subscription != null) {
			subscription.failed(effect, failure);
		}
	}

	/** Time goes by. */
	public void tick() {
		this.directory.all().forEach((subscription) -> subscription.happened(SubscriptionLife::tick));
		TrimmedMessages messages = this.trimmed;
		if (messages != null) {
			this.directory.all().forEach((subscription) -> subscription.happened(messages::tell));
		}
	}

	public void entryStored() {
		this.directory.all().forEach((subscription) -> subscription.happened(SubscriptionLife::entryStored));
	}

	/** What must be kept of the log, if what stands before a position may go. */
	public Position keep(Position before) {
		Position kept = before;
		for (Subscription subscription : this.directory.all()) {
			kept = subscription.keep(kept);
		}
		return kept;
	}

	/**
	 * The first position that a durable subscription has not acknowledged, or
	 * {@code null} if there is no such subscription.
	 */
	public @Nullable Position needed() {
		Position needed = null;
		for (Subscription subscription : this.directory.all()) {
			if (subscription.isDurable()) {
				needed = subscription.needed((needed != null) ? needed : this.context.topic().lastStored().after());
			}
		}
		return needed;
	}

	/**
	 * The first position that was not replayed, where there is nobody else to need
	 * anything: the beginning, if nothing was.
	 */
	public Position notReplayed() {
		return (this.replayed != null) ? this.replayed.needed() : this.context.topic().first();
	}

	/**
	 * Whether there are dead letters that were not replayed, and no durable subscription
	 * decides about them.
	 */
	public boolean hasDeadLetters() {
		return this.replayed != null && this.replayed.isStored() && needed() == null
				&& !this.replayed.needed().isAfter(this.context.topic().lastStored());
	}

	/** Whether there are consumers, or some wait to be one. */
	public boolean isUsed() {
		return consumers() > 0;
	}

	/** How many consumers there are, or wait to be one. */
	public int consumers() {
		return this.directory.consumers();
	}

	/** Whether nothing goes on, and nothing is known that is not stored. */
	public boolean isQuiet() {
		return this.directory.all().stream().allMatch(Subscription::isQuiet);
	}

	/** Whether a durable subscription has something that is not acknowledged. */
	public boolean hasBacklog() {
		Position needed = needed();
		return needed != null && !needed.isAfter(this.context.topic().lastStored());
	}

	/** Another number whenever one has begun, was moved or has ended. */
	public long generation() {
		return this.directory.generation();
	}

	/** The beginning of the log is gone. */
	public void trimmed() {
		TrimmedMessages messages = (this.trimmed != null) ? this.trimmed : new TrimmedMessages(this.context);
		this.trimmed = messages;
		this.directory.all().forEach((subscription) -> subscription.happened(messages::trimmed));
		messages.forgetAllBut((id) -> this.directory.find(id) != null);
	}

	/** Damaged entries are gone from the log, with so many messages each. */
	public void skipped(Map<Position, Integer> entries) {
		this.directory.all().forEach((subscription) -> subscription.happened((life) -> life.skipped(entries)));
	}

	/** Entries that nobody needs are gone from the log. */
	public void removed(Set<Position> entries) {
		this.directory.all().forEach((subscription) -> subscription.happened((life) -> life.removed(entries)));
	}

	public void sessionEnded(long session) {
		for (Peer consumer : this.directory.consumersOf(session)) {
			Subscription subscription = this.directory.of(consumer);
			if (subscription != null) {
				subscription.leave(consumer, true);
			}
		}
	}

	/** Everybody has to come again; what is being stored has its outcome yet. */
	public void logLost(StorageFailure failure) {
		List.copyOf(this.directory.all()).forEach((subscription) -> subscription.logLost(failure));
		if (this.replayed != null) {
			this.replayed.logLost(failure);
		}
	}

	public void close() {
		this.directory.all().forEach(Subscription::close);
	}

	public List<TopicSnapshot.Subscription> snapshot() {
		TrimmedMessages messages = this.trimmed;
		return this.directory.all()
			.stream()
			.map((each) -> each.snapshot((messages != null) ? messages.of(each.id()) : 0))
			.toList();
	}

}
