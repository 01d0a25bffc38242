package io.weir.broker.engine.runtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.DeadLetterPage;
import io.weir.broker.deadletter.Replay;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.store.MetadataStore;
import io.weir.concurrent.Stages;
import io.weir.message.MessageId;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/**
 * Lists dead letters, and publishes them to where they came from again: what was asked
 * for is stored, and goes on when the broker is started again. Safe to use from any
 * thread; stages complete on the topics' threads and those of the store.
 */
public final class Replays implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Replays.class);

	private static final long RESUME_AGAIN_SECONDS = 5;

	private final ReplaySteps steps;

	private final LongSupplier clock;

	/** One for each topic, at most; none yet of one that is being asked for. */
	private final Map<Topic, Optional<ReplayRun>> running = new ConcurrentHashMap<>();

	private volatile boolean closed;

	private Replays(ReplaySteps steps, LongSupplier clock) {
		this.steps = steps;
		this.clock = clock;
	}

	/**
	 * Creates what lists and replays dead letters; {@link #resume()} should follow.
	 * @param engine runs the topics, and was started with sessions
	 * @param session asks them; not closed here
	 * @param metadata where it is stored what was asked for
	 * @param clock tells the time, in milliseconds since 1970
	 * @return it, to be closed before the engine
	 */
	public static Replays of(Engine engine, LocalSession session, MetadataStore metadata, LongSupplier clock) {
		return new Replays(new ReplaySteps(metadata, session, engine.forwarder(), engine::exists, engine.figures()),
				clock);
	}

	/** Goes on with what an earlier life of the broker was asked for. */
	public void resume() {
		this.steps.topics()
			.thenCompose((topics) -> Stages.all(topics.stream().map(this::resume).toList()))
			.whenComplete((done, failure) -> {
				if (failure != null && !this.closed) {
					logger.warn("Which dead letters are to be replayed cannot be read, and is tried again", failure);
					CompletableFuture.delayedExecutor(RESUME_AGAIN_SECONDS, TimeUnit.SECONDS).execute(this::resume);
				}
			});
	}

	private CompletionStage<Void> resume(Topic topic) {
		return this.steps.get(topic).thenAccept((found) -> found.ifPresent((stored) -> {
			if (stored.record().isRunning() && this.running.putIfAbsent(topic, Optional.empty()) == null) {
				logger.info("The replay of dead letters of topic {} goes on", topic);
				run(topic, stored);
			}
		}));
	}

	private ReplayRun run(Topic topic, ReplaySteps.Stored stored) {
		ReplayRun run = new ReplayRun(topic, stored, this.steps, () -> this.running.remove(topic));
		this.running.put(topic, Optional.of(run));
		if (this.closed) {
			run.close();
		}
		run.go();
		return run;
	}

	/**
	 * Lists dead letters of a topic, and whatever else is in it.
	 * @param topic the topic
	 * @param filter which are meant
	 * @param from where to begin, or {@code null} for the beginning
	 * @param limit how many at most
	 * @return some of them; exceptionally {@link ProtocolException}
	 */
	public CompletionStage<DeadLetterPage> list(Topic topic, DeadLetterFilter filter, @Nullable MessageId from,
			int limit) {
		return this.steps.reader().list(topic, filter, from, limit);
	}

	/**
	 * Begins a replay.
	 * @param topic the dead-letter topic
	 * @param message the one message that is meant, or {@code null}
	 * @param filter which are meant, of those that are there now
	 * @param again whether also those that were replayed before
	 * @return how it begins, when what is asked for is stored; exceptionally
	 * {@link ProtocolException}
	 */
	public CompletionStage<Replay> start(Topic topic, @Nullable MessageId message, DeadLetterFilter filter,
			boolean again) {
		if (this.running.putIfAbsent(topic, Optional.empty()) != null) {
			return CompletableFuture.failedStage(busy(topic));
		}
		return begin(topic, message, filter, again).whenComplete((begun, failure) -> {
			if (failure != null) {
				this.running.remove(topic, Optional.empty());
			}
		});
	}

	private CompletionStage<Replay> begin(Topic topic, @Nullable MessageId message, DeadLetterFilter filter,
			boolean again) {
		return this.steps.get(topic).thenCompose((stored) -> {
			if (stored.map(ReplaySteps.Stored::record).filter(ReplayRecord::isRunning).isPresent()) {
				throw busy(topic);
			}
			return meant(topic, message, filter, again).thenCompose((record) -> this.steps.begin(topic, record));
		}).thenApply((stored) -> {
			logger.info("The replay of dead letters of topic {} has begun: {}{}", topic,
					(message != null) ? "message " + message : filter,
					again ? ", also those that were replayed before" : "");
			Replay begun = stored.record().toReplay(topic, null);
			run(topic, stored);
			return begun;
		});
	}

	private CompletionStage<ReplayRecord> meant(Topic topic, @Nullable MessageId message, DeadLetterFilter filter,
			boolean again) {
		Position first = (message != null) ? Position.of(message) : Position.BEFORE_FIRST.after();
		return this.steps.reader().read(topic, first, 1).thenApply((page) -> {
			try (page) {
				if (message != null) {
					check(topic, page, message, again);
				}
				return new ReplayRecord(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), message, filter, again,
						first, (message != null) ? first : page.lastStored(), Replay.State.RUNNING,
						Instant.ofEpochMilli(this.clock.getAsLong()), 0, 0, List.of());
			}
		});
	}

	/** One message that is named is to be there, and can be replayed. */
	private void check(Topic topic, DeadLetterReader.Page page, MessageId message, boolean again) {
		DeadLetterReader.Letter letter = page.letters()
			.stream()
			.filter((each) -> each.view().id().equals(message))
			.findFirst()
			.orElseThrow(() -> new ProtocolException(ErrorCode.NOT_FOUND,
					"Topic " + topic + " has no message " + message
							+ ", or has it no more: what all its subscriptions have acknowledged goes, and what "
							+ "its policies do not keep"));
		if (letter.view().replayed() && !again) {
			throw new ProtocolException(ErrorCode.INVALID_REQUEST, "Message " + message + " of topic " + topic
					+ " was replayed before; ask for it to be replayed again");
		}
		this.steps.target(topic, letter);
	}

	private static ProtocolException busy(Topic topic) {
		return new ProtocolException(ErrorCode.SUBSCRIPTION_BUSY, "Dead letters of topic " + topic
				+ " are being replayed already; wait until that has ended, or stop it");
	}

	/**
	 * How far the last replay of a topic is.
	 * @param topic the topic
	 * @return what is known, empty if there was none; exceptionally as the store says
	 */
	public CompletionStage<Optional<Replay>> status(Topic topic) {
		Optional<ReplayRun> run = this.running.getOrDefault(topic, Optional.empty());
		if (run.isPresent()) {
			return CompletableFuture.completedStage(run.map(ReplayRun::status));
		}
		return this.steps.get(topic).thenApply((found) -> found.map((stored) -> stored.record().toReplay(topic, null)));
	}

	/**
	 * How far the last replay of each topic is that had one.
	 * @return ordered by topic; exceptionally as the store says
	 */
	public CompletionStage<List<Replay>> all() {
		return this.steps.topics()
			.thenCompose((topics) -> Stages.all(topics.stream().map(this::status).toList()))
			.thenApply((found) -> found.stream().flatMap(Optional::stream).toList());
	}

	/**
	 * Ends a replay, for good; what is under way is completed.
	 * @param topic the topic
	 * @throws ProtocolException {@link ErrorCode#NOT_FOUND} if none goes on
	 */
	public void stop(Topic topic) {
		this.running.getOrDefault(topic, Optional.empty())
			.orElseThrow(() -> new ProtocolException(ErrorCode.NOT_FOUND,
					"No dead letters of topic " + topic + " are being replayed"))
			.stop();
	}

	/**
	 * A topic is deleted: nothing of it is replayed any more, and nothing is known of
	 * what was.
	 * @param topic the topic, or a partition
	 * @return completes when that is stored; exceptionally as the store says
	 */
	public CompletionStage<Void> forget(Topic topic) {
		this.running.getOrDefault(topic, Optional.empty()).ifPresent(ReplayRun::close);
		return this.steps.forget(topic);
	}

	/** What goes on goes on when the broker is started again. */
	@Override
	public void close() {
		this.closed = true;
		new ArrayList<>(this.running.values()).forEach((run) -> run.ifPresent(ReplayRun::close));
	}

}
