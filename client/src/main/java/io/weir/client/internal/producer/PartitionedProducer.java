package io.weir.client.internal.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.client.internal.link.Endpoint;
import io.weir.client.internal.link.WhenKnown;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.ErrorCode;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.MessageBatch;

/**
 * A producer without its schema: a {@link ProducerCore} for each partition of the topic,
 * which for most topics is one. The first one is told how many partitions there are
 * before the broker has accepted it, and whenever there are more. Until then all messages
 * are with it; those that belong elsewhere move there before any is sent. Safe to use
 * from any thread.
 */
public final class PartitionedProducer implements Endpoint {

	private final ReentrantLock lock = new ReentrantLock();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private final ProducerSettings settings;

	private final Function<ProducerSettings, ProducerCore> cores;

	private final Partitioner partitioner;

	private final ProducerCore first;

	/** Completes when the broker has accepted those of the other partitions. */
	@GuardedBy("lock")
	private CompletableFuture<Void> others = CompletableFuture.completedFuture(null);

	@GuardedBy("lock")
	private boolean lazily;

	@GuardedBy("lock")
	private boolean closing;

	/** Why the first of them ended, and all with it. */
	private volatile @Nullable ProtocolException ended;

	/** Of all partitions; {@code null} until the broker has said how many there are. */
	private volatile @Nullable List<ProducerCore> all;

	/**
	 * Creates the producer, which does nothing until {@link #open()}.
	 * @param settings what it was told
	 * @param cores makes the producer of one partition
	 */
	public PartitionedProducer(ProducerSettings settings, Function<ProducerSettings, ProducerCore> cores) {
		this.settings = settings;
		this.cores = cores;
		this.partitioner = new Partitioner(settings);
		this.first = cores.apply(settings);
		this.first.onPartitions(this::grow);
		this.first.closed().thenRun(() -> {
			ended(this.first);
			end();
		});
	}

	/**
	 * Introduces the producer to the broker.
	 * @return completes when the broker has accepted it for all partitions; or
	 * exceptionally, and then it is closed
	 */
	public CompletableFuture<?> open() {
		return this.first.open().thenCompose((accepted) -> {
			this.lock.lock();
			try {
				known();
				return this.others;
			}
			finally {
				this.lock.unlock();
			}
		});
	}

	/** As {@link ProducerCore#openLazily()}. */
	public void openLazily() {
		this.lock.lock();
		try {
			this.lazily = true;
		}
		finally {
			this.lock.unlock();
		}
		this.first.accepted().thenRun(() -> {
			this.lock.lock();
			try {
				known();
			}
			finally {
				this.lock.unlock();
			}
		});
		this.first.openLazily();
	}

	/**
	 * The broker has accepted the first one, and has said nothing of others, or before.
	 */
	@GuardedBy("lock")
	private void known() {
		if (this.all == null) {
			this.all = List.of(this.first);
		}
	}

	/** There are so many partitions now; on the executor of the first one. */
	private void grow(int count) {
		this.lock.lock();
		try {
			List<ProducerCore> before = this.all;
			List<ProducerCore> grown = new ArrayList<>((before != null) ? before : List.of(this.first));
			if (count <= grown.size()) {
				return;
			}
			List<CompletableFuture<?>> opening = new ArrayList<>();
			for (int number = grown.size(); number < count; number++) {
				ProducerCore added = this.cores.apply(this.settings.ofPartition(number, count));
				added.closed().thenRun(() -> ended(added));
				grown.add(added);
				if (this.lazily || before != null) {
					added.openLazily();
				}
				else {
					opening.add(added.open());
				}
			}
			this.others = CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new));
			grown.forEach((core) -> core.messages().share(count));
			List<OutgoingMessage> moving = (before == null) ? this.first.messages().takeAll() : List.of();
			moving.forEach((message) -> adopt(grown, message));
			this.all = List.copyOf(grown);
			this.first.messages().forget(moving);
			if (this.closing) {
				grown.forEach(ProducerCore::close);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void adopt(List<ProducerCore> grown, OutgoingMessage message) {
		ProducerCore target = route(grown, message.record());
		target.messages().adopt(message);
		target.drainSoon();
	}

	/** As {@link ProducerCore#send}. */
	public CompletableFuture<MessageId> send(MessageRecord record) {
		return publish(record, ProducerCore::send);
	}

	/** As {@link ProducerCore#sendAsync}. */
	public CompletableFuture<MessageId> sendAsync(MessageRecord record) {
		return publish(record, ProducerCore::sendAsync);
	}

	private CompletableFuture<MessageId> publish(MessageRecord record,
			BiFunction<ProducerCore, MessageRecord, CompletableFuture<MessageId>> send) {
		ProtocolException cause = this.ended;
		if (cause != null) {
			return failed(cause);
		}
		List<ProducerCore> cores = this.all;
		return (cores != null) ? send.apply(route(cores, record), record) : publishFirst(record, send);
	}

	/** What comes before the number is known must be with those that move. */
	private CompletableFuture<MessageId> publishFirst(MessageRecord record,
			BiFunction<ProducerCore, MessageRecord, CompletableFuture<MessageId>> send) {
		this.lock.lock();
		try {
			List<ProducerCore> cores = this.all;
			return send.apply((cores != null) ? route(cores, record) : this.first, record);
		}
		finally {
			this.lock.unlock();
		}
	}

	private ProducerCore route(List<ProducerCore> cores, MessageRecord record) {
		if (cores.size() == 1) {
			return this.first;
		}
		String key = record.key();
		return cores.get((key != null) ? Partitioner.of(key, cores.size())
				: this.partitioner.next(MessageBatch.sizeOf(record), cores));
	}

	/** As {@link ProducerCore#cancelDelayed}, of the partition of the message. */
	public CompletableFuture<Boolean> cancelDelayed(MessageId id) {
		List<ProducerCore> cores = this.all;
		int partition = id.isKnown() ? MessageIds.partition(id) : 0;
		if (partition == 0) {
			return this.first.cancelDelayed(id);
		}
		return (cores != null) ? cancelDelayed(id, partition, cores) : cancelDelayedLater(id, partition);
	}

	private CompletableFuture<Boolean> cancelDelayed(MessageId id, int partition, List<ProducerCore> cores) {
		return (partition < cores.size()) ? cores.get(partition).cancelDelayed(id)
				: failed(new ProtocolException(ErrorCode.INVALID_REQUEST, "The message id '" + id + "' is of partition "
						+ partition + ", which topic '" + this.settings.topic() + "' does not have"));
	}

	/** When the broker has accepted the first one, it has said how many there are. */
	private CompletableFuture<Boolean> cancelDelayedLater(MessageId id, int partition) {
		return WhenKnown.run("which partitions topic '" + this.settings.topic() + "' has", this.first.accepted(),
				this.settings.sendTimeout(), this.settings.failures(), () -> cancelDelayed(id, partition, present()));
	}

	private <V> CompletableFuture<V> failed(ProtocolException cause) {
		return CompletableFuture.failedFuture(this.settings.failures().apply(cause));
	}

	/** As {@link ProducerCore#flush()}. */
	public CompletableFuture<Void> flush() {
		List<ProducerCore> cores = this.all;
		if (cores != null) {
			return flush(cores);
		}
		return this.first.flush().thenCompose((done) -> flush(Objects.requireNonNullElse(this.all, List.of())));
	}

	private static CompletableFuture<Void> flush(List<ProducerCore> cores) {
		return (cores.size() == 1) ? cores.get(0).flush() : forAll(cores, ProducerCore::flush);
	}

	/**
	 * The producer's name.
	 * @return its name at the first partition, or {@code null} if the broker has not
	 * given it one yet
	 */
	public @Nullable String name() {
		return this.first.name();
	}

	/**
	 * How many messages wait for room or for their receipt.
	 * @return the count
	 */
	public int pending() {
		return present().stream().mapToInt(ProducerCore::pending).sum();
	}

	/**
	 * Whether the broker has refused it for a partition before it was ever accepted.
	 * @return whether it will store nothing there
	 */
	public boolean isRefused() {
		return present().stream().anyMatch(ProducerCore::isRefused);
	}

	private List<ProducerCore> present() {
		List<ProducerCore> cores = this.all;
		return (cores != null) ? cores : List.of(this.first);
	}

	@Override
	public CompletableFuture<Void> close() {
		List<ProducerCore> cores;
		this.lock.lock();
		try {
			this.closing = true;
			cores = present();
		}
		finally {
			this.lock.unlock();
		}
		cores.forEach(ProducerCore::close);
		return this.closed;
	}

	/** One has ended, and so do all. */
	private void ended(ProducerCore core) {
		this.lock.lock();
		try {
			if (this.ended == null) {
				this.ended = core.messages().ended();
			}
		}
		finally {
			this.lock.unlock();
		}
		close();
	}

	/** The first one has ended, and learns of no partitions any more. */
	private void end() {
		forAll(present(), ProducerCore::closed).thenRun(() -> this.closed.complete(null));
	}

	@Override
	public CompletableFuture<Void> abort() {
		return forAll(present(), ProducerCore::abort);
	}

	@Override
	public CompletableFuture<Void> closed() {
		return this.closed;
	}

	@Override
	public @Nullable String unfinished() {
		return Endpoint.unfinished(present());
	}

	private static CompletableFuture<Void> forAll(List<ProducerCore> cores,
			Function<ProducerCore, CompletableFuture<Void>> action) {
		return CompletableFuture.allOf(cores.stream().map(action).toArray(CompletableFuture[]::new));
	}

}
