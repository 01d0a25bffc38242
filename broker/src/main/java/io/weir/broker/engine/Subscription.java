package io.weir.broker.engine;

import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.message.MessageId;
import io.weir.message.Position;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

/**
 * One subscription: reads the log for its consumers and delivers, the lowest position
 * first, whether it is new or came back.
 */
final class Subscription {

	private static final int READ_ENTRIES = 1000;

	private final String name;

	private final SubscriptionType type;

	private final TopicProgress topic;

	private final Consumer<Effect> out;

	private final AckLedger ledger;

	private final AckWriter ackWriter;

	private final ConsumerGroup consumers = new ConsumerGroup();

	/** The pending entries with something to be delivered. */
	private final NavigableSet<Position> waiting = new TreeSet<>();

	private final ReadAhead readAhead = new ReadAhead();

	private Effect.@Nullable Read reading;

	private long unreadMessages;

	Subscription(String name, Cursor cursor, TopicProgress topic, Consumer<Effect> out) {
		this.name = name;
		this.type = cursor.type();
		this.topic = topic;
		this.out = out;
		this.ledger = new AckLedger(cursor);
		this.ackWriter = new AckWriter(name, this.ledger, out);
		if (topic.lastStored().isAfter(cursor.acknowledgedUpTo())) {
			out.accept(new Effect.CountMessages(name, cursor.acknowledgedUpTo(), topic.lastStored()));
		}
	}

	SubscriptionType type() {
		return this.type;
	}

	boolean isBusy() {
		return this.type == SubscriptionType.EXCLUSIVE && !this.consumers.isEmpty();
	}

	boolean hasConsumers() {
		return !this.consumers.isEmpty();
	}

	void attach(SubscriptionConsumer consumer) {
		this.consumers.add(consumer);
	}

	/** Removes a consumer; what it has not acknowledged waits for another. */
	void detach(Peer peer) {
		SubscriptionConsumer consumer = this.consumers.remove(peer);
		if (consumer == null) {
			return;
		}
		for (PendingEntry entry : this.ledger.pending()) {
			if (entry.giveBackAll(consumer)) {
				this.waiting.add(entry.position());
			}
		}
		if (this.consumers.isEmpty()) {
			this.readAhead.clear();
		}
		dispatch();
	}

	void flow(Command.Flow flow) {
		consumer(flow.consumer()).grant(flow.permits());
		dispatch();
	}

	void written(Command.DeliveryWritten written) {
		consumer(written.consumer()).written(written.bytes());
		dispatch();
	}

	void acknowledge(Command.Acknowledge acknowledge) {
		for (MessageId id : acknowledge.ids()) {
			this.ledger.acknowledge(id, this.topic.lastStored());
			PendingEntry entry = this.ledger.find(id.position());
			if (entry == null || !entry.isWaiting()) {
				this.waiting.remove(id.position());
				this.readAhead.drop(id.position());
			}
		}
		this.ackWriter.request(acknowledge.replyTo());
	}

	void negativeAcknowledge(Command.NegativeAcknowledge command) {
		SubscriptionConsumer consumer = consumer(command.consumer());
		for (MessageId id : command.ids()) {
			PendingEntry entry = this.ledger.find(id.position());
			if (entry != null && entry.giveBack(consumer, id.index())) {
				this.waiting.add(id.position());
			}
		}
		dispatch();
	}

	void acknowledgementsStored() {
		this.ackWriter.stored();
	}

	void acknowledgementsFailed(String reason) {
		this.ackWriter.failed(reason);
	}

	/** The topic has a new entry. */
	void entryStored(int messages) {
		this.unreadMessages += messages;
		dispatch();
	}

	void messagesCounted(long messages) {
		this.unreadMessages += messages;
	}

	void entriesRead(List<Entry> entries) {
		Effect.Read read = Objects.requireNonNull(this.reading, "Nothing is being read");
		this.reading = null;
		if (this.consumers.isEmpty()) {
			entries.forEach(Entry::release);
			return;
		}
		boolean first = entries.stream().anyMatch((entry) -> !entry.position().isAfter(read.from()));
		boolean missing = !first && (this.waiting.contains(read.from()) || entries.isEmpty());
		entries.forEach(this::take);
		if (missing) {
			readFailed("The log of topic " + this.topic.name() + " has no entry at " + read.from());
			return;
		}
		dispatch();
	}

	/** Lets the consumers go: without reading there is nothing for them here. */
	void readFailed(String reason) {
		this.reading = null;
		for (SubscriptionConsumer consumer : this.consumers.all()) {
			this.out.accept(
					new Effect.ConsumerClosed(consumer.address(), consumer.peer(), ErrorCode.STORAGE_FAILED, reason));
		}
		this.consumers.all().forEach((consumer) -> detach(consumer.peer()));
	}

	void close() {
		this.readAhead.clear();
	}

	TopicSnapshot.Subscription snapshot() {
		long pending = 0;
		Long oldest = null;
		for (PendingEntry entry : this.ledger.pending()) {
			pending += entry.unacknowledged();
			oldest = (oldest == null && entry.isDelivered()) ? Long.valueOf(entry.publishTime()) : oldest;
		}
		List<TopicSnapshot.Consumer> snapshots = this.consumers.all()
			.stream()
			.map(SubscriptionConsumer::snapshot)
			.toList();
		long backlog = Math.max(0, this.unreadMessages - this.ledger.unreadAcknowledged()) + pending;
		long inFlight = snapshots.stream().mapToLong(TopicSnapshot.Consumer::inFlight).sum();
		return new TopicSnapshot.Subscription(this.name, this.type, backlog, inFlight, oldest, snapshots);
	}

	private void take(Entry entry) {
		Position position = entry.position();
		if (position.isAfter(this.ledger.readUpTo())) {
			this.unreadMessages -= entry.header().count();
			if (this.ledger.read(entry) != null) {
				this.waiting.add(position);
			}
		}
		if (this.waiting.contains(position)) {
			this.readAhead.add(entry);
		}
		else {
			entry.release();
		}
	}

	private void dispatch() {
		SubscriptionConsumer consumer = this.consumers.next();
		while (consumer != null) {
			Position next = this.waiting.isEmpty() ? null : this.waiting.first();
			Entry entry = (next != null) ? this.readAhead.take(next) : null;
			if (entry == null) {
				readFrom(next);
				return;
			}
			deliver(entry, consumer);
			this.consumers.advance();
			consumer = this.consumers.next();
		}
	}

	private void readFrom(@Nullable Position waitingFor) {
		if (this.reading != null || (waitingFor == null && !this.topic.lastStored().isAfter(this.ledger.readUpTo()))) {
			return;
		}
		Position from = (waitingFor != null) ? waitingFor : AckLedger.after(this.ledger.readUpTo());
		this.reading = new Effect.Read(this.name, from, READ_ENTRIES, ReadAhead.MAX_BYTES);
		this.out.accept(this.reading);
	}

	/** Delivers one portion of the entry, and keeps the entry if it has more. */
	private void deliver(Entry entry, SubscriptionConsumer consumer) {
		PendingEntry pending = Objects.requireNonNull(this.ledger.find(entry.position()));
		PendingEntry.Portion portion = Objects.requireNonNull(pending.nextWaiting());
		portion.deliveredTo(consumer);
		int bytes = entry.batch().readableBytes();
		consumer.delivered(pending.count(), portion.size(), bytes);
		this.topic.delivered(portion.size(), bytes);
		if (pending.isWaiting()) {
			this.readAhead.add(new Entry(entry.position(), entry.header(), entry.batch().retainedDuplicate()));
		}
		else {
			this.waiting.remove(entry.position());
		}
		this.out.accept(new Effect.Deliver(consumer.address(), this.topic.name(), consumer.peer(), entry,
				portion.redeliveries(), portion.others()));
	}

	private SubscriptionConsumer consumer(Peer peer) {
		return Objects.requireNonNull(this.consumers.find(peer), "Not a consumer of this subscription");
	}

}
