package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.client.internal.link.Endpoint;
import io.weir.client.internal.link.WhenKnown;
import io.weir.message.Backlog;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * A consumer, or a reader: a {@link ConsumerCore} for each partition of the topic, which
 * for most topics is one, or for those that were chosen. The first one is told how many
 * partitions there are before the broker has accepted it, and whenever there are more.
 * Messages of all of them are taken from the first. Safe to use from any thread.
 *
 * @param <T> the type of the values
 */
public final class PartitionedConsumer<T> implements Subscriber<T> {

	private final ReentrantLock lock = new ReentrantLock();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private final Inboxes<T> inboxes;

	private final ConsumerSettings settings;

	private final BiFunction<ConsumerSettings, Inboxes<T>, ConsumerCore<T>> cores;

	private final ChosenPartitions chosen;

	private final ConsumerCore<T> first;

	// What all partitions may have been sent ahead.

	@GuardedBy("lock")
	private int receiverQueueSize;

	@GuardedBy("lock")
	private long receiverQueueBytes;

	/** Completes when the broker has accepted those of the other partitions. */
	@GuardedBy("lock")
	private CompletableFuture<Void> others = CompletableFuture.completedFuture(null);

	@GuardedBy("lock")
	private boolean background;

	@GuardedBy("lock")
	private boolean paused;

	@GuardedBy("lock")
	private boolean closing;

	/** Told of each partition of which all has come. */
	@GuardedBy("lock")
	private @Nullable BiPredicate<Integer, Optional<MessageId>> endListener;

	/** The partitions end one after the other, each by itself. */
	private volatile boolean removing;

	/** Of all partitions that are known. */
	private volatile List<ConsumerCore<T>> all;

	/**
	 * Creates the consumer, which does nothing until {@link #open()}.
	 * @param settings what it was told
	 * @param inboxes where its messages are taken, with those of others perhaps
	 * @param chosen the partitions that are wanted; empty for all
	 * @param cores makes the consumer of one partition
	 */
	public PartitionedConsumer(ConsumerSettings settings, Inboxes<T> inboxes, Collection<Integer> chosen,
			BiFunction<ConsumerSettings, Inboxes<T>, ConsumerCore<T>> cores) {
		this.settings = settings;
		this.chosen = ChosenPartitions.of(chosen);
		this.cores = cores;
		this.inboxes = inboxes;
		this.receiverQueueSize = settings.receiverQueueSize();
		this.receiverQueueBytes = settings.receiverQueueBytes();
		int one = this.chosen.first();
		this.first = cores.apply(settings.ofPartition(one, settings.initialPosition(), settings.readFrom(one)),
				inboxes);
		this.all = List.of(this.first);
		if (this.chosen.areAll()) {
			this.first.onPartitions(this::grow);
		}
		this.first.closed().thenRun(this::end);
	}

	/** Completes when the broker has accepted it for all partitions. */
	@Override
	public CompletableFuture<?> open() {
		add(this.chosen.others());
		return this.first.open().thenCompose((subscribed) -> {
			this.lock.lock();
			try {
				return this.others;
			}
			finally {
				this.lock.unlock();
			}
		}).thenRun(() -> {
			if (this.settings.readFrom() != null) {
				this.settings.readFrom().messages().forEach(this::part);
			}
		});
	}

	/**
	 * Subscribes, and tells when all has come that is stored by then, of each partition.
	 * @param listener given the partition, and the last message of it that has come since
	 * the consumer was subscribed, perhaps again; if it returns false, it is told again
	 * after the next loss of the connection
	 * @return as {@link #open()}
	 */
	public CompletableFuture<?> open(BiPredicate<Integer, Optional<MessageId>> listener) {
		this.lock.lock();
		try {
			this.endListener = listener;
		}
		finally {
			this.lock.unlock();
		}
		this.first.onEnd((last) -> listener.test(0, last));
		return open();
	}

	/** How many there are; for sure once anything of the first one has come. */
	public int partitions() {
		return this.all.size();
	}

	/** As {@link ConsumerCore#openInBackground()}. */
	@Override
	public void openInBackground() {
		this.lock.lock();
		try {
			this.background = true;
		}
		finally {
			this.lock.unlock();
		}
		this.first.openInBackground();
	}

	/** There are so many partitions now; on the executor of the first one. */
	private void grow(int count) {
		add(IntStream.range(this.all.size(), count).boxed().toList());
	}

	private void add(List<Integer> numbers) {
		this.lock.lock();
		try {
			List<ConsumerCore<T>> grown = new ArrayList<>(this.all);
			if (this.closing || numbers.isEmpty()) {
				return;
			}
			boolean late = this.first.subscribed().isDone();
			List<CompletableFuture<?>> opening = new ArrayList<>();
			int known = grown.size();
			numbers.forEach((number) -> grown.add(added(number, late)));
			// First: so none is granted more than its share.
			share(grown);
			for (ConsumerCore<T> added : grown.subList(known, grown.size())) {
				if (this.background || late) {
					added.openInBackground();
				}
				else {
					opening.add(added.open());
				}
			}
			this.others = Endpoint.all(opening.stream());
			this.all = List.copyOf(grown);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What is published to a partition that came later must not be missed. */
	@GuardedBy("lock")
	private ConsumerCore<T> added(int number, boolean late) {
		SeekTarget start = this.settings.readFrom(number);
		ConsumerCore<T> added = this.cores
			.apply(this.settings.ofPartition(number, late ? InitialPosition.EARLIEST : this.settings.initialPosition(),
					(late && start != null) ? SeekTarget.EARLIEST : start), this.inboxes);
		added.closed().thenRun(this::partEnded);
		BiPredicate<Integer, Optional<MessageId>> listener = this.endListener;
		if (listener != null) {
			added.onEnd((last) -> listener.test(number, last));
		}
		if (this.paused) {
			added.messages().pause();
		}
		return added;
	}

	/** Has room for so much from now on, of all partitions together. */
	void limit(int messages, long bytes) {
		this.lock.lock();
		try {
			this.receiverQueueSize = messages;
			this.receiverQueueBytes = bytes;
			share(this.all);
		}
		finally {
			this.lock.unlock();
		}
	}

	@GuardedBy("lock")
	private void share(List<ConsumerCore<T>> cores) {
		int size = Math.max(1, this.receiverQueueSize / cores.size());
		long bytes = Math.max(1, this.receiverQueueBytes / cores.size());
		cores.forEach((core) -> core.messages().limit(size, bytes));
	}

	@Override
	public @Nullable Message<T> receive(Duration timeout) throws InterruptedException {
		return this.first.messages().receive(timeout);
	}

	@Override
	public List<Message<T>> receive(int maxMessages, Duration timeout) throws InterruptedException {
		return this.first.messages().receive(maxMessages, timeout);
	}

	@Override
	public CompletableFuture<Message<T>> receiveAsync() {
		return this.first.messages().receiveAsync();
	}

	@Override
	public ConsumerMessages<T> messages(@Nullable String topic, MessageId id) {
		return part(id).messages();
	}

	private ConsumerCore<T> part(MessageId id) {
		List<ConsumerCore<T>> cores = this.all;
		// Of one that is not known it is said elsewhere that it is not.
		int partition = id.isKnown() ? MessageIds.partition(id) : this.chosen.first();
		int index = this.chosen.indexOf(partition);
		if (index < 0 || index >= cores.size()) {
			boolean known = this.first.subscribed().isDone();
			throw new ProtocolException(known ? ErrorCode.INVALID_REQUEST : ErrorCode.UNKNOWN_PARTITION,
					"The message id '" + id + "' is of partition " + partition + ", and topic '" + this.settings.topic()
							+ "' has only " + this.chosen.text(cores.size())
							+ (known ? "" : " as long as the broker has not accepted the consumer"));
		}
		return cores.get(index);
	}

	@Override
	public void pause() {
		pause(true, ConsumerMessages::pause);
	}

	@Override
	public void resume() {
		pause(false, ConsumerMessages::resume);
	}

	private void pause(boolean paused, Consumer<ConsumerMessages<T>> action) {
		this.lock.lock();
		try {
			this.paused = paused;
			this.all.forEach((core) -> action.accept(core.messages()));
		}
		finally {
			this.lock.unlock();
		}
	}

	/** In the partition of the message, if it is moved to one, else in all. */
	@Override
	public CompletableFuture<Void> seek(SeekTarget place) {
		if (!(place instanceof SeekTarget.AtMessage message)) {
			return forAllFrom(0, (core) -> core.seek(place));
		}
		CompletableFuture<?> known = (MessageIds.partition(message.id()) > 0) ? this.first.subscribed()
				: CompletableFuture.completedFuture(null);
		return WhenKnown.run("which partitions topic '" + this.settings.topic() + "' has", known,
				ConsumerCore.SUBSCRIBE_TIMEOUT, this.settings.failures(), () -> part(message.id()).seek(place));
	}

	/**
	 * Removes the subscription, from the first partition first, where it is refused while
	 * there are other consumers, and closes the consumer.
	 * @return as {@link ConsumerCore#unsubscribe}
	 */
	@Override
	public CompletableFuture<Void> unsubscribe() {
		this.removing = true;
		return this.first.unsubscribe()
			.thenCompose((removed) -> forAllFrom(1, ConsumerCore::unsubscribe))
			.whenComplete((removed, failure) -> {
				this.removing = false;
				if (this.first.closed().isDone()) {
					close();
				}
			});
	}

	/** One partition alone is no consumer. */
	private void partEnded() {
		if (!this.removing) {
			close();
		}
	}

	@Override
	public CompletableFuture<Backlog> backlog() {
		return BacklogQuestions.sum(this.all.stream().map(ConsumerCore::backlog));
	}

	/** In all partitions. */
	@Override
	public boolean isConnected() {
		return this.all.stream().allMatch(ConsumerCore::isConnected);
	}

	/** In some partition. */
	@Override
	public boolean isRefused() {
		return refusal() != null;
	}

	@Nullable ProtocolException refusal() {
		return this.all.stream().map(ConsumerCore::refusal).filter(Objects::nonNull).findFirst().orElse(null);
	}

	InitialPosition initialPosition() {
		return this.settings.initialPosition();
	}

	@Override
	public CompletableFuture<Void> close() {
		List<ConsumerCore<T>> cores;
		this.lock.lock();
		try {
			this.closing = true;
			cores = this.all;
		}
		finally {
			this.lock.unlock();
		}
		cores.forEach(ConsumerCore::close);
		return this.closed;
	}

	/** The first one has ended, and learns of no partitions any more. */
	private void end() {
		partEnded();
		Endpoint.all(this.all.stream().map(ConsumerCore::closed)).thenRun(() -> this.closed.complete(null));
	}

	@Override
	public CompletableFuture<Void> abort() {
		return Endpoint.all(this.all.stream().map(ConsumerCore::abort));
	}

	@Override
	public CompletableFuture<Void> closed() {
		return this.closed;
	}

	@Override
	public @Nullable String unfinished() {
		return Endpoint.unfinished(this.all);
	}

	/** Those from a number on; an answer to the first one says how many there are. */
	private CompletableFuture<Void> forAllFrom(int number, Function<ConsumerCore<T>, CompletableFuture<Void>> action) {
		List<ConsumerCore<T>> cores = this.all;
		return (number >= cores.size()) ? CompletableFuture.completedFuture(null)
				: Endpoint.all(cores.stream().skip(number).map(action))
					.thenCompose((done) -> forAllFrom(cores.size(), action));
	}

}
