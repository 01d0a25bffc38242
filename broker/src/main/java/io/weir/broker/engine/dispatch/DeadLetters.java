package io.weir.broker.engine.dispatch;

import java.util.Comparator;
import java.util.Collections;
import java.util.List;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.function.Predicate;

import io.weir.broker.engine.ForwardNames;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.Sparse;
import io.weir.broker.engine.context.TopicContext;
import io.weir.message.DeadLetterCause;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Topic;
import io.weir.time.BackoffRule;
import io.weir.wire.FailureReport;
import io.weir.wire.Position;

/**
 * Has the messages that a subscription gives up published to the dead-letter topic. Each
 * is acknowledged when its copy is stored, and the copy is stored once, since the target
 * recognises it; what it remembers for that it may forget when the acknowledgement is
 * stored. So wherever it is interrupted, it is done again without harm. A copy that
 * cannot be stored now is tried again, and holds up no other.
 */
final class DeadLetters {

	/** So many at a time. */
	static final int MAX_UNDER_WAY = 16;

	/** Of so many that wait it is kept what their application failed with. */
	static final int MAX_CAUSES = 256;

	/** How long to wait after failures, in milliseconds. */
	static final BackoffRule RETRY = new BackoffRule(1_000, 2, 60_000, 0);

	private final SubscriptionId subscription;

	private final AckLedger ledger;

	private final TopicContext context;

	/** The one that has waited longest for its turn comes first. */
	private NavigableSet<Dead> waiting = Collections.emptyNavigableSet();

	private NavigableMap<MessageId, Dead> underWay = Collections.emptyNavigableMap();

	/**
	 * Of entries of which an acknowledgement may not be stored yet. A set of its own as
	 * long as there are any.
	 */
	private Set<Copy> stored = Set.of();

	private long made;

	/** What the engine's figures have of those that are not stored. */
	private int counted;

	DeadLetters(SubscriptionId subscription, AckLedger ledger, TopicContext context) {
		this.subscription = subscription;
		this.ledger = ledger;
		this.context = context;
	}

	/**
	 * Gives up a message. {@link #forward} is to follow, which counts it, too.
	 * @param redeliveries how often it was delivered again
	 * @param target the dead-letter topic
	 * @param report what was said of it last
	 */
	void add(MessageId id, int redeliveries, String target, FailureReport report) {
		FailureReport kept = (size() < MAX_CAUSES) ? report : FailureReport.of(report.error());
		this.waiting = Sparse.with(this.waiting,
				new Dead(id, redeliveries, new Topic(target), kept, this.context.time().steady(), 0));
	}

	private void count() {
		this.context.figures().deadLettersWaiting(size() - this.counted);
		this.counted = size();
	}

	/** How many copies were stored. */
	long made() {
		return this.made;
	}

	/** How many messages are not stored as dead letters yet. */
	int size() {
		return this.waiting.size() + this.underWay.size();
	}

	/**
	 * When {@link #forward} has something to do, by a clock that nobody sets, or
	 * {@link Long#MAX_VALUE}: while as many are under way as may be, the next outcome
	 * comes first.
	 */
	long next() {
		boolean full = this.underWay.size() >= MAX_UNDER_WAY;
		return (full || this.waiting.isEmpty()) ? Long.MAX_VALUE : this.waiting.first().due();
	}

	/** Has copies published, as many at a time as may be. */
	void forward() {
		while (next() <= this.context.time().steady()) {
			Dead dead = this.waiting.first();
			this.waiting = Sparse.without(this.waiting, dead);
			if (isWanted(dead.id())) {
				forward(dead);
			}
		}
		count();
	}

	/** Somebody may have acknowledged it after all, or the log was trimmed. */
	private boolean isWanted(MessageId id) {
		PendingEntry entry = this.ledger.find(Position.of(id));
		return entry != null && entry.has(MessageIds.index(id));
	}

	private void forward(Dead dead) {
		this.underWay = Sparse.with(this.underWay, dead.id(), dead);
		Topic partition = this.context.topic().name();
		MessageId id = Position.of(dead.id()).message(partition.partition(), MessageIds.index(dead.id()));
		DeadLetterOrigin origin = new DeadLetterOrigin(partition.whole().name(), this.subscription.name(), id,
				dead.redeliveries(), dead.report().error());
		DeadLetterCause cause = dead.report().cause();
		Headers headers = origin.addTo(Headers.empty());
		this.context.out()
			.accept(new Storing.ForwardCopy(this.subscription, purpose(), Position.of(dead.id()),
					MessageIds.index(dead.id()), dead.target(), (cause != null) ? cause.addTo(headers) : headers));
	}

	private String purpose() {
		return ForwardNames.DEAD_LETTER + this.subscription.name();
	}

	/** A copy is stored: the message is to be acknowledged. */
	void stored(MessageId id) {
		Dead dead = this.underWay.get(id);
		this.underWay = Sparse.without(this.underWay, id);
		if (dead != null) {
			store(dead);
			this.made++;
			this.context.figures().deadLetter();
		}
	}

	private void store(Dead dead) {
		if (this.stored.isEmpty()) {
			this.stored = new HashSet<>();
		}
		this.stored.add(dead.copy());
	}

	/** A copy could not be stored, and waits, longer each time. */
	void failed(MessageId id, StorageFailure failure) {
		Dead dead = this.underWay.get(id);
		this.underWay = Sparse.without(this.underWay, id);
		if (dead != null) {
			this.waiting = Sparse.with(this.waiting,
					dead.after(RETRY.delay(dead.failures(), 1), this.context.time().steady()));
		}
	}

	/** Acknowledgements are stored: of complete entries nothing is forwarded any more. */
	void acknowledgementsStored() {
		forgetIf((copy) -> this.ledger.isTaken(copy.source()));
	}

	/**
	 * Nothing is forwarded any more, and nothing that was is forwarded again. What is
	 * under way the target forgets behind it. To be closed next.
	 */
	void end() {
		this.waiting = Collections.emptyNavigableSet();
		this.underWay.values().forEach(this::store);
		this.underWay = Collections.emptyNavigableMap();
		forgetIf((copy) -> true);
	}

	/** Whatever is left is no longer counted, and made again when the topic is opened. */
	void close() {
		this.context.figures().deadLettersWaiting(-this.counted);
		this.counted = 0;
	}

	private void forgetIf(Predicate<Copy> done) {
		List<Copy> forgotten = this.stored.stream().filter(done).toList();
		if (!forgotten.isEmpty()) {
			this.stored.removeAll(forgotten);
			this.stored = this.stored.isEmpty() ? Set.of() : this.stored;
		}
		forgotten.forEach((copy) -> this.context.out()
			.accept(new Storing.ForgetForwarded(purpose(), copy.source(), copy.target())));
	}

	/**
	 * A message that is given up.
	 *
	 * @param due when its copy is published, by a clock that nobody sets
	 * @param failures how often that failed
	 */
	private record Dead(MessageId id, int redeliveries, Topic target, FailureReport report, long due,
			int failures) implements Comparable<Dead> {

		private static final Comparator<Dead> ORDER = Comparator.comparingLong(Dead::due).thenComparing(Dead::id);

		@Override
		public int compareTo(Dead other) {
			return ORDER.compare(this, other);
		}

		Copy copy() {
			return new Copy(Position.of(this.id), this.target);
		}

		Dead after(long delay, long now) {
			return new Dead(this.id, this.redeliveries, this.target, this.report, now + delay, this.failures + 1);
		}

	}

	/** Something of an entry is in a target, which remembers it. */
	private record Copy(Position source, Topic target) {
	}

}
