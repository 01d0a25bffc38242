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
import io.weir.message.Position;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

/**
 * The way out of a topic: its subscriptions, and which consumer belongs to which. A new
 * subscription takes consumers once it is stored.
 */
final class Subscriptions {

	private final Map<String, Subscription> byName = new TreeMap<>();

	private final Map<Peer, Subscription> byConsumer = new HashMap<>();

	/** What waits for subscriptions that are being stored. */
	private final Map<String, List<Command.OfConsumer>> beingCreated = new HashMap<>();

	private final TopicProgress topic;

	private final Position beforeFirst;

	private final Consumer<Effect> out;

	Subscriptions(TopicProgress topic, Position first, Consumer<Effect> out) {
		this.topic = topic;
		this.beforeFirst = AckLedger.before(first);
		this.out = out;
	}

	/** Takes up the subscriptions that were stored. */
	void recover(Map<String, Cursor> cursors) {
		cursors.forEach((name, cursor) -> this.byName.put(name, new Subscription(name, cursor, this.topic, this.out)));
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
			closeConsumer(close.consumer());
			this.out.accept(new Effect.Done(close.replyTo()));
		}
		else if (subscription == null) {
			refuse(command, ErrorCode.UNKNOWN_CONSUMER, "No consumer " + command.consumer().id() + " is subscribed");
		}
		else if (command instanceof Command.Acknowledge acknowledge) {
			subscription.acknowledge(acknowledge);
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
	}

	private void handleStorage(Command.Consuming command) {
		if (command instanceof Command.EntriesRead read) {
			entriesRead(read);
		}
		else if (command instanceof Command.ReadFailed failed) {
			readFailed(failed);
		}
		else if (command instanceof Command.AcknowledgementsStored stored) {
			subscription(stored.subscription()).acknowledgementsStored();
		}
		else if (command instanceof Command.AcknowledgementsFailed failed) {
			subscription(failed.subscription()).acknowledgementsFailed(failed.reason());
		}
		else if (command instanceof Command.CursorCreated created) {
			List<Command.OfConsumer> waiting = this.beingCreated.remove(created.subscription());
			if (waiting != null) {
				waiting.forEach(this::handleConsumer);
			}
		}
		else if (command instanceof Command.CursorFailed failed) {
			cursorFailed(failed);
		}
		else if (command instanceof Command.MessagesCounted counted) {
			Subscription subscription = this.byName.get(counted.subscription());
			if (subscription != null) {
				subscription.messagesCounted(counted.messages());
			}
		}
	}

	void entryStored(int messages) {
		this.byName.values().forEach((subscription) -> subscription.entryStored(messages));
	}

	void sessionEnded(long session) {
		this.beingCreated.values()
			.forEach((waiting) -> waiting.removeIf((command) -> command.consumer().session() == session));
		List.copyOf(this.byConsumer.keySet())
			.stream()
			.filter((peer) -> peer.session() == session)
			.forEach(this::closeConsumer);
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
		if (type != SubscriptionType.EXCLUSIVE && type != SubscriptionType.SHARED) {
			refuse(command, ErrorCode.NOT_SUPPORTED,
					"Subscriptions of type " + type + " are not supported by this broker; EXCLUSIVE and SHARED are");
		}
		else if (waiting != null) {
			waiting.add(command);
		}
		else if (subscription == null) {
			create(command);
		}
		else if (subscription.type() != type) {
			refuse(command, ErrorCode.SUBSCRIPTION_TYPE_MISMATCH, "Subscription '" + command.subscription()
					+ "' is of type " + subscription.type() + ", not " + type);
		}
		else if (this.byConsumer.containsKey(command.consumer())) {
			refuse(command, ErrorCode.INVALID_REQUEST,
					"Consumer " + command.consumer().id() + " is subscribed already");
		}
		else if (subscription.isBusy()) {
			refuse(command, ErrorCode.SUBSCRIPTION_BUSY,
					"The EXCLUSIVE subscription '" + command.subscription() + "' has its consumer already");
		}
		else {
			subscription
				.attach(new SubscriptionConsumer(command.consumer(), command.consumerName(), command.replyTo().push()));
			this.byConsumer.put(command.consumer(), subscription);
			this.out.accept(new Effect.Done(command.replyTo()));
		}
	}

	private void create(Command.Subscribe command) {
		String name = command.subscription();
		Position start = (command.initialPosition() == InitialPosition.EARLIEST) ? this.beforeFirst
				: this.topic.lastStored();
		this.beingCreated.put(name, new ArrayList<>(List.of(command)));
		this.out.accept(new Effect.CreateCursor(name, command.type(), start));
		Cursor cursor = new Cursor(command.type(), start, new TreeMap<>());
		this.byName.put(name, new Subscription(name, cursor, this.topic, this.out));
	}

	private void cursorFailed(Command.CursorFailed failed) {
		this.byName.remove(failed.subscription());
		List<Command.OfConsumer> waiting = this.beingCreated.remove(failed.subscription());
		if (waiting != null) {
			waiting.forEach((command) -> refuse(command, ErrorCode.STORAGE_FAILED, failed.reason()));
		}
	}

	private void closeConsumer(Peer consumer) {
		this.beingCreated.values()
			.forEach((waiting) -> waiting.removeIf((command) -> command.consumer().equals(consumer)));
		Subscription subscription = this.byConsumer.remove(consumer);
		if (subscription != null) {
			subscription.detach(consumer);
		}
	}

	private void entriesRead(Command.EntriesRead read) {
		Subscription subscription = subscription(read.subscription());
		subscription.entriesRead(read.entries());
		forgetConsumersLetGo(subscription);
	}

	private void readFailed(Command.ReadFailed failed) {
		Subscription subscription = subscription(failed.subscription());
		subscription.readFailed(failed.reason());
		forgetConsumersLetGo(subscription);
	}

	private void forgetConsumersLetGo(Subscription subscription) {
		if (!subscription.hasConsumers()) {
			this.byConsumer.values().removeIf((other) -> other == subscription);
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

	private Subscription subscription(String name) {
		Subscription subscription = this.byName.get(name);
		if (subscription == null) {
			throw new IllegalStateException("There is no subscription " + name);
		}
		return subscription;
	}

	/** Refuses what is to be answered; the rest only means nothing any more. */
	private void refuse(Command.OfConsumer command, ErrorCode code, String reason) {
		if (command instanceof Command.Request request) {
			this.out.accept(new Effect.Refused(request.replyTo(), code, reason));
		}
	}

}
