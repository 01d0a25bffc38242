package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.link.Endpoint;
import io.weir.client.internal.link.WhenKnown;
import io.weir.message.Backlog;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.time.DurationRange;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * A consumer of all topics whose names match a pattern: a {@link PartitionedConsumer} for
 * each, whose messages are taken together. A {@link TopicFinder} tells which there are.
 *
 * @param <T> the type of the values
 */
public final class PatternConsumer<T> implements Subscriber<T> {

	private static final Logger logger = LoggerFactory.getLogger(PatternConsumer.class);

	private final ReentrantLock lock = new ReentrantLock();

	private final CompletableFuture<Void> opened = new CompletableFuture<>();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private final ConsumerSettings settings;

	private final TopicFinder finder;

	private final BiFunction<ConsumerSettings, Inboxes<T>, ConsumerCore<T>> cores;

	private final Inboxes<T> inboxes;

	private final Receiver<T> receiver;

	/** By their names; also those that the broker has refused, until the next search. */
	private volatile Map<String, PartitionedConsumer<T>> topics = Map.of();

	/** What was last told of topics that the broker has refused. */
	@GuardedBy("lock")
	private final Map<String, String> refusals = new HashMap<>();

	@GuardedBy("lock")
	private boolean searched;

	/** Topics from which its subscription was removed, though not from others. */
	@GuardedBy("lock")
	private final Set<String> removed = new HashSet<>();

	/** Whether its subscriptions are being removed: then none is to be made. */
	@GuardedBy("lock")
	private boolean removing;

	@GuardedBy("lock")
	private boolean paused;

	@GuardedBy("lock")
	private boolean closing;

	/**
	 * Creates the consumer, which does nothing until {@link #open()}.
	 * @param settings what it was told, with the pattern as the topic
	 * @param finder finds topics
	 * @param cores makes the consumer of one partition
	 */
	public PatternConsumer(ConsumerSettings settings, TopicFinder finder,
			BiFunction<ConsumerSettings, Inboxes<T>, ConsumerCore<T>> cores) {
		this.settings = settings;
		this.finder = finder;
		this.cores = cores;
		this.inboxes = new Inboxes<>(settings, false);
		this.receiver = new Receiver<>(this.inboxes, System::nanoTime);
	}

	@Override
	public CompletableFuture<?> open() {
		this.finder.open((names) -> found(names, true), this::refused);
		this.finder.refuseAfter(ConsumerCore.SUBSCRIBE_TIMEOUT);
		return this.opened;
	}

	@Override
	public void openInBackground() {
		this.finder.open((names) -> found(names, false), this::refused);
	}

	private void refused(ProtocolException cause) {
		this.opened.completeExceptionally(cause);
		close(cause);
	}

	/** These topics there are now; on the finder's executor. */
	private void found(Set<String> names, boolean awaited) {
		List<PartitionedConsumer<T>> gone = new ArrayList<>();
		List<String> found = new ArrayList<>();
		List<CompletableFuture<?>> opening = new ArrayList<>();
		this.lock.lock();
		try {
			if (this.closing || this.removing) {
				return;
			}
			Map<String, PartitionedConsumer<T>> now = new HashMap<>(this.topics);
			now.entrySet().removeIf((each) -> !names.contains(each.getKey()) && gone.add(each.getValue()));
			this.refusals.keySet().retainAll(names);
			this.removed.retainAll(names);
			for (String name : names) {
				PartitionedConsumer<T> present = now.get(name);
				if ((present == null && !this.removed.contains(name))
						|| (present != null && isRefused(name, present))) {
					now.put(name, added(name, present));
					found.add(name);
				}
			}
			// First: so none is granted more than its share.
			share(now);
			for (String name : found) {
				PartitionedConsumer<T> added = Objects.requireNonNull(now.get(name));
				if (awaited && !this.searched) {
					opening.add(added.open());
				}
				else {
					added.openInBackground();
				}
			}
			this.searched = true;
			this.topics = Map.copyOf(now);
		}
		finally {
			this.lock.unlock();
		}
		gone.forEach(PartitionedConsumer::close);
		Endpoint.all(opening.stream()).whenComplete((all, failure) -> {
			if (failure == null) {
				this.opened.complete(null);
			}
			else {
				this.opened.completeExceptionally(failure);
			}
		});
	}

	/** The broker may have refused it for something that has been put right since. */
	@GuardedBy("lock")
	private boolean isRefused(String name, PartitionedConsumer<T> present) {
		ProtocolException refusal = present.refusal();
		if (refusal == null) {
			return false;
		}
		String reason = refusal.code() + ": " + refusal.getMessage();
		if (!reason.equals(this.refusals.put(name, reason))) {
			logger.warn("Topic '{}' is not consumed by the consumer of '{}', which asks again with each search; {}",
					name, this.settings.topic(), reason);
		}
		return true;
	}

	/**
	 * What is published to a topic that came later must not be missed.
	 * @param refused the one before it, which the broker has refused, if any
	 */
	@GuardedBy("lock")
	private PartitionedConsumer<T> added(String name, @Nullable PartitionedConsumer<T> refused) {
		InitialPosition first = (refused != null) ? refused.initialPosition() : this.settings.initialPosition();
		PartitionedConsumer<T> added = new PartitionedConsumer<>(
				this.settings.ofTopic(name, (refused == null && this.searched) ? InitialPosition.EARLIEST : first),
				this.inboxes, List.of(), this.cores);
		if (this.paused) {
			added.pause();
		}
		return added;
	}

	private void share(Map<String, PartitionedConsumer<T>> now) {
		int count = Math.max(1, now.size());
		now.values()
			.forEach((each) -> each.limit(Math.max(1, this.settings.receiverQueueSize() / count),
					Math.max(1, this.settings.receiverQueueBytes() / count)));
	}

	@Override
	public @Nullable Message<T> receive(Duration timeout) throws InterruptedException {
		return this.receiver.take(DurationRange.waitNanos(timeout));
	}

	@Override
	public List<Message<T>> receive(int maxMessages, Duration timeout) throws InterruptedException {
		return this.receiver.take(maxMessages, DurationRange.waitNanos(timeout));
	}

	@Override
	public CompletableFuture<Message<T>> receiveAsync() {
		return this.receiver.takeAsync();
	}

	@Override
	public ConsumerMessages<T> messages(@Nullable String topic, MessageId id) {
		PartitionedConsumer<T> consumer = (topic != null) ? this.topics.get(topic) : null;
		if (consumer == null) {
			throw new ProtocolException(ErrorCode.INVALID_REQUEST,
					(topic != null)
							? "Topic '" + topic + "' is not consumed, or no longer, by the consumer of '"
									+ this.settings.topic() + "'"
							: "A consumer of several topics must be given the message, not its id alone");
		}
		return consumer.messages(topic, id);
	}

	@Override
	public void pause() {
		pause(true, PartitionedConsumer::pause);
	}

	@Override
	public void resume() {
		pause(false, PartitionedConsumer::resume);
	}

	private void pause(boolean paused, Consumer<PartitionedConsumer<T>> action) {
		this.lock.lock();
		try {
			this.paused = paused;
			this.topics.values().forEach(action);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public CompletableFuture<Void> seek(SeekTarget place) {
		if (place instanceof SeekTarget.AtMessage) {
			return CompletableFuture.failedFuture(this.settings.failures()
				.apply(new ProtocolException(ErrorCode.INVALID_REQUEST,
						"A consumer of several topics can be moved to a time only: an id is of one topic")));
		}
		return whenSearched(() -> Endpoint
			.all(this.topics.values().stream().filter((each) -> !each.isRefused()).map((each) -> each.seek(place))));
	}

	/** Until then it is not known which topics there are. */
	private CompletableFuture<Void> whenSearched(Supplier<CompletableFuture<Void>> action) {
		return WhenKnown.run("which topics match '" + this.settings.topic() + "'", this.opened,
				ConsumerCore.SUBSCRIBE_TIMEOUT, this.settings.failures(), action);
	}

	/**
	 * Removes the subscription from all topics, and closes the consumer. If it is refused
	 * for one of them, the consumer goes on with those from which it was not removed.
	 */
	@Override
	public CompletableFuture<Void> unsubscribe() {
		return whenSearched(() -> {
			Map<String, CompletableFuture<Void>> removals = beginRemoval();
			return Endpoint.all(removals.values().stream()).whenComplete((removed, failure) -> {
				if (failure == null) {
					close();
				}
				else {
					removals.values().removeIf(CompletableFuture::isCompletedExceptionally);
					goOnWithout(removals.keySet());
				}
			});
		});
	}

	private Map<String, CompletableFuture<Void>> beginRemoval() {
		this.lock.lock();
		try {
			this.removing = true;
		}
		finally {
			this.lock.unlock();
		}
		Map<String, CompletableFuture<Void>> removals = new HashMap<>();
		this.topics.forEach((name, each) -> {
			if (!each.isRefused()) {
				removals.put(name, each.unsubscribe());
			}
		});
		return removals;
	}

	private void goOnWithout(Set<String> names) {
		this.lock.lock();
		try {
			this.removing = false;
			this.removed.addAll(names);
			Map<String, PartitionedConsumer<T>> now = new HashMap<>(this.topics);
			now.keySet().removeAll(names);
			this.topics = Map.copyOf(now);
			share(now);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public CompletableFuture<Backlog> backlog() {
		return BacklogQuestions.sum(this.topics.values().stream().map(PartitionedConsumer::backlog));
	}

	/** Each topic that was found. */
	@Override
	public boolean isConnected() {
		return this.opened.isDone() && this.topics.values().stream().allMatch(PartitionedConsumer::isConnected);
	}

	@Override
	public boolean isRefused() {
		return this.opened.isCompletedExceptionally();
	}

	@Override
	public CompletableFuture<Void> close() {
		return close(new ProtocolException(ErrorCode.CLOSED, "The consumer was closed"));
	}

	private CompletableFuture<Void> close(ProtocolException cause) {
		this.lock.lock();
		try {
			this.closing = true;
		}
		finally {
			this.lock.unlock();
		}
		this.finder.close();
		this.opened.completeExceptionally(cause);
		this.inboxes.close(cause);
		forAll(PartitionedConsumer::close).thenRun(() -> this.closed.complete(null));
		return this.closed;
	}

	@Override
	public CompletableFuture<Void> abort() {
		return forAll(PartitionedConsumer::abort);
	}

	@Override
	public CompletableFuture<Void> closed() {
		return this.closed;
	}

	@Override
	public @Nullable String unfinished() {
		return Endpoint.unfinished(this.topics.values());
	}

	private CompletableFuture<Void> forAll(Function<PartitionedConsumer<T>, CompletableFuture<Void>> action) {
		return Endpoint.all(this.topics.values().stream().map(action));
	}

}
