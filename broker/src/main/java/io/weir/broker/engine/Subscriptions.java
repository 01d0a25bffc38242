package io.weir.broker.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * The way out of a topic: its subscriptions, and which consumer belongs to which. A new
 * subscription takes consumers once it is stored.
 */
final class Subscriptions {

	private final Map<String, Subscription> byName = new TreeMap<>();

	private final Map<Peer, Subscription> byConsumer = new HashMap<>();

	/** What waits for subscriptions that are being stored. */
	private final Map<String, List<Command.OfConsumer>> beingCreated = new HashMap<>();

	/** Who asked for subscriptions that are being deleted. */
	private final Map<SubscriptionId, Command.Unsubscribe> beingDeleted = new HashMap<>();

	private final TopicProgress topic;

	private final Position beforeFirst;

	private final Consumer<Effect> out;

	private final SubscriptionContext context;

	private final Budget limit;

	/** How many lives of subscriptions there were since the topic was opened. */
	private long lives;

	Subscriptions(TopicProgress topic, Position first, EngineContext context, Consumer<Effect> out) {
		this.limit = context.budgets().of(BrokerLimit.SUBSCRIPTIONS_PER_TOPIC);
		this.context = new SubscriptionContext(topic, context.figures(), context.budgets(), () -> ++this.lives, out);
		this.topic = topic;
		this.beforeFirst = AckLedger.before(first);
		this.out = out;
	}

	/** Takes up the subscriptions that were stored. */
	void recover(Map<String, Cursor> cursors) {
		cursors.forEach(this::add);
	}

	void handle(Command.Consuming command) {
		if (command instanceof Command.OfConsumer ofConsumer) {
			List<Command.OfConsumer> waiting = waitingWith(ofConsumer.consumer());
			if (waiting != null && !(command instanceof Command.CloseConsumer)) {
				waiting.add(ofConsumer);
			}
			else {
				handleConsumer(ofConsumer);
			}
		}
		else {
			handleStorage(command);
		}
	}

	private void handleConsumer(Command.OfConsumer command) {
		Subscription subscription = this.byConsumer.get(command.consumer());
		if (command instanceof Command.Subscribe subscribe) {
			subscribe(subscribe);
		}
		else if (command instanceof Command.CloseConsumer close) {
			refuseWaiting(close.consumer());
			closeConsumer(close.consumer());
			this.out.accept(new Effect.Done(close.replyTo()));
		}
		else if (subscription == null) {
			refuse(command, ErrorCode.UNKNOWN_CONSUMER, "No consumer " + command.consumer().id() + " is subscribed");
		}
		else if (command instanceof Command.Acknowledge acknowledge) {
			subscription.acknowledge(acknowledge);
		}
		else if (command instanceof Command.AcknowledgeUpTo acknowledge) {
			subscription.acknowledgeUpTo(acknowledge);
		}
		else if (command instanceof Command.Flow flow) {
			subscription.flow(flow);
		}
		else if (command instanceof Command.NegativeAcknowledge negative) {
			subscription.negativeAcknowledge(negative);
		}
		else if (command instanceof Command.DeliveryWritten written) {
			subscription.written(written);
		}
		else if (isBeingChanged(subscription)) {
			refuse(command, ErrorCode.SUBSCRIPTION_BUSY,
					"Subscription '" + subscription.id().name() + "' is being moved or removed");
		}
		else if (command instanceof Command.SeekId seek) {
			subscription.seek(seek);
		}
		else if (command instanceof Command.SeekTime seek) {
			subscription.seek(seek);
		}
		else if (command instanceof Command.Unsubscribe unsubscribe) {
			unsubscribe(unsubscribe, subscription);
		}
	}

	private void handleStorage(Command.Consuming command) {
		if (command instanceof Command.EntriesRead read) {
			entriesRead(read);
		}
		else if (command instanceof Command.AcknowledgementsStored stored) {
			with(stored.subscription(), Subscription::acknowledgementsStored);
		}
		else if (command instanceof Command.CursorCreated created) {
			List<Command.OfConsumer> waiting = this.beingCreated.remove(created.subscription());
			if (waiting != null) {
				waiting.forEach(this::handleConsumer);
			}
		}
		else if (command instanceof Command.TimeFound found) {
			with(found.subscription(), (subscription) -> subscription.timeFound(found.position()));
		}
		else if (command instanceof Command.CursorMoved moved) {
			with(moved.subscription(), (subscription) -> {
				subscription.moved();
				forgetConsumersLetGo(subscription);
			});
		}
		else if (command instanceof Command.CursorDeleted deleted) {
			with(deleted.subscription(), this::deleted);
		}
		else if (command instanceof Command.OrdinalFound found) {
			with(found.subscription(), (subscription) -> subscription.ordinalFound(found));
		}
	}

	/** An ordinal that is not found says the next read. */
	void storageFailed(Effect.Asking<?> effect, StorageFailure failure) {
		if (effect instanceof Effect.Read read) {
			readFailed(read.subscription(), failure);
		}
		else if (effect instanceof Effect.StoreAcknowledgements store) {
			with(store.subscription(), (subscription) -> subscription.acknowledgementsFailed(failure));
		}
		else if (effect instanceof Effect.CreateCursor create) {
			createFailed(create.subscription(), failure);
		}
		else if (effect instanceof Effect.FindTime find) {
			with(find.subscription(), (subscription) -> subscription.seekFailed(failure));
		}
		else if (effect instanceof Effect.MoveCursor move) {
			with(move.subscription(), (subscription) -> subscription.moveFailed(failure));
		}
		else if (effect instanceof Effect.DeleteCursor delete) {
			with(delete.subscription(), (subscription) -> deleteFailed(subscription, failure));
		}
	}

	void entryStored() {
		this.byName.values().forEach(Subscription::entryStored);
	}

	void sessionEnded(long session) {
		this.beingCreated.values()
			.forEach((waiting) -> waiting.removeIf((command) -> command.consumer().session() == session));
		List.copyOf(this.byConsumer.keySet())
			.stream()
			.filter((peer) -> peer.session() == session)
			.forEach(this::closeConsumer);
	}

	/** All consumers are removed; what is being stored has its outcome yet. */
	void logLost(StorageFailure failure) {
		for (Subscription subscription : List.copyOf(this.byName.values())) {
			subscription.letConsumersGo(failure);
			forgetConsumersLetGo(subscription);
		}
	}

	void close() {
		this.byName.values().forEach(Subscription::close);
	}

	List<TopicSnapshot.Subscription> snapshot() {
		return this.byName.values().stream().map(Subscription::snapshot).toList();
	}

	private void subscribe(Command.Subscribe command) {
		SubscriptionType type = command.type();
		List<Command.OfConsumer> waiting = this.beingCreated.get(command.subscription());
		Subscription subscription = this.byName.get(command.subscription());
		SubscriptionConsumer former = (subscription != null) ? subscription.former(command.instance()) : null;
		if (waiting != null) {
			waiting.add(command);
		}
		else if (subscription == null && this.byName.size() >= this.limit.limit()) {
			this.limit.countRefusal();
			refuse(command, ErrorCode.LIMIT_EXCEEDED, "Topic " + this.topic.name() + " has " + this.byName.size()
					+ " subscriptions and may not have more");
		}
		else if (subscription == null) {
			create(command);
		}
		else if (subscription.type() != type) {
			refuse(command, ErrorCode.SUBSCRIPTION_TYPE_MISMATCH, "Subscription '" + command.subscription()
					+ "' is of type " + subscription.type() + ", not " + type);
		}
		else if (former != null && former.instance().epoch() >= command.instance().epoch()) {
			refuse(command, ErrorCode.CONSUMER_REPLACED, "Consumer '" + command.consumerName()
					+ "' was introduced again since this request, with epoch " + former.instance().epoch());
		}
		else if (former != null && !command.durable() && !subscription.isDurable()) {
			closeConsumer(former.peer());
			tellReplaced(former);
			create(command);
		}
		else if (!command.durable() || !subscription.isDurable()) {
			refuseNotDurable(command, subscription);
		}
		else if (this.beingDeleted.containsKey(subscription.id())) {
			refuse(command, ErrorCode.SUBSCRIPTION_BUSY,
					"Subscription '" + command.subscription() + "' is being removed");
		}
		else if (this.byConsumer.containsKey(command.consumer())) {
			refuseTaken(command);
		}
		else if (former != null) {
			replace(command, subscription, former);
		}
		else if (subscription.isBusy()) {
			refuse(command, ErrorCode.SUBSCRIPTION_BUSY,
					"The EXCLUSIVE subscription '" + command.subscription() + "' has its consumer already");
		}
		else {
			attach(command, subscription);
		}
	}

	private void attach(Command.Subscribe command, Subscription subscription) {
		subscription.attach(consumer(command));
		this.byConsumer.put(command.consumer(), subscription);
		this.out.accept(new Effect.Done(command.replyTo()));
	}

	/**
	 * A consumer is introduced again, perhaps before anybody has noticed that its former
	 * session is dead. Whatever that may still say is of nobody.
	 */
	private void replace(Command.Subscribe command, Subscription subscription, SubscriptionConsumer former) {
		this.byConsumer.remove(former.peer());
		this.byConsumer.put(command.consumer(), subscription);
		tellReplaced(former);
		this.out.accept(new Effect.Done(command.replyTo()));
		subscription.replace(former, consumer(command));
	}

	private void tellReplaced(SubscriptionConsumer former) {
		this.out.accept(new Effect.ConsumerClosed(former.address(), former.peer(), ErrorCode.CONSUMER_REPLACED,
				"The consumer was introduced again"));
	}

	private static SubscriptionConsumer consumer(Command.Subscribe command) {
		return new SubscriptionConsumer(command.consumer(), command.consumerName(), command.replyTo().push(),
				command.instance(), command.room());
	}

	private void refuseTaken(Command.Subscribe command) {
		refuse(command, ErrorCode.INVALID_REQUEST, "Consumer " + command.consumer().id() + " is subscribed already");
	}

	/** A subscription that is not durable is for one consumer, with which it ends. */
	private void refuseNotDurable(Command.Subscribe command, Subscription subscription) {
		String name = command.subscription();
		if (subscription.isDurable()) {
			refuse(command, ErrorCode.INVALID_REQUEST, "Subscription '" + name
					+ "' exists and is durable; one that is not durable must have a name of its own");
		}
		else {
			refuse(command, ErrorCode.SUBSCRIPTION_BUSY,
					"Subscription '" + name + "' is not durable and belongs to another consumer until that is gone");
		}
	}

	private void create(Command.Subscribe command) {
		String name = command.subscription();
		Position start = (command.initialPosition() == InitialPosition.EARLIEST) ? this.beforeFirst
				: this.topic.lastStored();
		Cursor cursor = new Cursor(command.type(), start, new TreeMap<>());
		if (command.durable()) {
			this.beingCreated.put(name, new ArrayList<>(List.of(command)));
			this.out.accept(new Effect.CreateCursor(name, command.type(), start));
			add(name, cursor);
		}
		else if (this.byConsumer.containsKey(command.consumer())) {
			refuseTaken(command);
		}
		else {
			attach(command, add(name, cursor, false));
		}
	}

	private void add(String name, Cursor cursor) {
		add(name, cursor, true);
	}

	private Subscription add(String name, Cursor cursor, boolean durable) {
		Subscription subscription = new Subscription(name, cursor, durable, this.context);
		this.byName.put(name, subscription);
		return subscription;
	}

	private void unsubscribe(Command.Unsubscribe command, Subscription subscription) {
		String name = subscription.id().name();
		if (subscription.hasOtherConsumers(command.consumer())) {
			refuse(command, ErrorCode.SUBSCRIPTION_BUSY,
					"Subscription '" + name + "' has other consumers and cannot be removed");
		}
		else if (subscription.isDurable()) {
			this.beingDeleted.put(subscription.id(), command);
			subscription.delete();
		}
		else {
			deleted(subscription);
			this.out.accept(new Effect.Unsubscribed(command.replyTo(), command.consumer()));
		}
	}

	private boolean isBeingChanged(Subscription subscription) {
		return subscription.isBeingMoved() || this.beingDeleted.containsKey(subscription.id());
	}

	private void deleted(Subscription subscription) {
		subscription.deleted();
		this.byName.remove(subscription.id().name());
		this.byConsumer.values().removeIf((other) -> other == subscription);
		Command.Unsubscribe asked = this.beingDeleted.remove(subscription.id());
		if (asked != null) {
			this.out.accept(new Effect.Unsubscribed(asked.replyTo(), asked.consumer()));
		}
	}

	private void deleteFailed(Subscription subscription, StorageFailure failure) {
		subscription.deleteFailed();
		Command.Unsubscribe asked = this.beingDeleted.remove(subscription.id());
		if (asked != null) {
			refuse(asked, failure.code(), failure.reason());
		}
	}

	private void createFailed(String name, StorageFailure failure) {
		this.byName.remove(name);
		List<Command.OfConsumer> waiting = this.beingCreated.remove(name);
		if (waiting != null) {
			waiting.forEach((command) -> refuse(command, failure.code(), failure.reason()));
		}
	}

	/** A consumer is closed before its subscription was stored. */
	private void refuseWaiting(Peer consumer) {
		List<Command.OfConsumer> refused = new ArrayList<>();
		for (List<Command.OfConsumer> waiting : this.beingCreated.values()) {
			waiting.stream().filter((command) -> command.consumer().equals(consumer)).forEach(refused::add);
			waiting.removeAll(refused);
		}
		refused.forEach((command) -> refuse(command, ErrorCode.UNKNOWN_CONSUMER,
				"Consumer " + consumer.id() + " was closed before its subscription was stored"));
	}

	private void closeConsumer(Peer consumer) {
		Subscription subscription = this.byConsumer.remove(consumer);
		if (subscription != null) {
			subscription.detach(consumer);
			endUnlessDurable(subscription);
		}
	}

	private void entriesRead(Command.EntriesRead read) {
		boolean taken = with(read.subscription(), (subscription) -> {
			subscription.entriesRead(read.entries());
			forgetConsumersLetGo(subscription);
		});
		if (!taken) {
			read.release();
		}
	}

	private void readFailed(SubscriptionId id, StorageFailure failure) {
		with(id, (subscription) -> {
			subscription.readFailed(failure);
			forgetConsumersLetGo(subscription);
		});
	}

	private void forgetConsumersLetGo(Subscription subscription) {
		this.byConsumer.entrySet()
			.removeIf((each) -> each.getValue() == subscription && !subscription.has(each.getKey()));
		if (!subscription.hasConsumers()) {
			endUnlessDurable(subscription);
		}
	}

	private void endUnlessDurable(Subscription subscription) {
		if (!subscription.isDurable() && this.byName.remove(subscription.id().name(), subscription)) {
			subscription.close();
		}
	}

	private @Nullable List<Command.OfConsumer> waitingWith(Peer consumer) {
		for (List<Command.OfConsumer> waiting : this.beingCreated.values()) {
			if (waiting.stream().anyMatch((command) -> command.consumer().equals(consumer))) {
				return waiting;
			}
		}
		return null;
	}

	/** Does something with a subscription, unless its life is over. */
	private boolean with(SubscriptionId id, Consumer<Subscription> action) {
		Subscription subscription = this.byName.get(id.name());
		if (subscription == null || !subscription.id().equals(id)) {
			return false;
		}
		action.accept(subscription);
		return true;
	}

	/** Refuses what is to be answered; the rest only means nothing any more. */
	private void refuse(Command.OfConsumer command, ErrorCode code, String reason) {
		if (command instanceof Command.Request request) {
			boolean isNew = command instanceof Command.Subscribe && !this.byConsumer.containsKey(command.consumer());
			this.out
				.accept(new Effect.Refused(request.replyTo(), code, reason, isNew ? command.consumer() : null, null));
		}
	}

}
