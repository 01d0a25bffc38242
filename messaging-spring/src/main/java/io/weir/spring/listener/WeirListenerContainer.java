package io.weir.spring.listener;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

import io.weir.concurrent.Causes;
import io.weir.message.Backlog;
import io.weir.spring.observation.WeirObservations;

/**
 * Runs a listener: one consumer and one thread for each topic and unit of concurrency.
 * Starting never waits for the broker. Stopping lets the listener finish what it was
 * given, sends the acknowledgements and gives everything else back; it can be started
 * again. Stopping does not wait for a listener that is itself closing the application
 * context or calls {@link System#exit}. Safe to use from any thread, the listener's own
 * included.
 */
public final class WeirListenerContainer implements SmartLifecycle {

	/** Stops before the web server drains, and before what listeners may send with. */
	public static final int PHASE = Integer.MAX_VALUE - 100;

	private static final Logger logger = LoggerFactory.getLogger(WeirListenerContainer.class);

	private final ContainerSettings settings;

	private final Function<String, CompletableFuture<MessageSource>> subscriber;

	private final WeirObservations observations;

	private final SimpleAsyncTaskExecutor executor;

	private final ThreadFactory lanes;

	private final ListenerCounts counts;

	private final ListenerTarget target;

	/** Set when it is registered. */
	private volatile ListenerSiblings siblings = ListenerSiblings.NONE;

	private final Object lock = new Object();

	/** {@code null} while stopped. */
	@GuardedBy("lock")
	private @Nullable ListenerGroup group;

	/** Why it was stopped, if the error handler has said that it is to be. */
	@GuardedBy("lock")
	private @Nullable Throwable stopCause;

	WeirListenerContainer(ContainerSettings settings, Function<String, CompletableFuture<MessageSource>> subscriber,
			WeirObservations observations, boolean virtualThreads) {
		this.settings = settings;
		this.subscriber = subscriber;
		this.observations = observations;
		this.counts = new ListenerCounts(settings.topics());
		this.target = new ListenerTarget(settings, this.counts, this::stopBecauseOf);
		this.executor = new SimpleAsyncTaskExecutor("weir-" + settings.id() + "-");
		this.executor.setVirtualThreads(virtualThreads);
		String lanes = "weir-" + settings.id() + "-key-";
		this.lanes = virtualThreads ? new VirtualThreadTaskExecutor(lanes).getVirtualThreadFactory()
				: new CustomizableThreadFactory(lanes);
	}

	/**
	 * The listener's name.
	 * @return unique within the application
	 */
	public String getId() {
		return this.settings.id();
	}

	/**
	 * The group that the listener belongs to.
	 * @return its name, or {@code null} if it belongs to none
	 */
	public @Nullable String getGroup() {
		return this.settings.group();
	}

	/** Starts to subscribe in the background. Harmless when running. */
	@Override
	public void start() {
		boolean started = false;
		synchronized (this.lock) {
			if (this.group == null) {
				this.stopCause = null;
				this.group = new ListenerGroup(this.settings, this.subscriber, this.observations, this.target,
						(topic, subscription) -> this.siblings.of(topic, subscription), this.lanes);
				this.group.start(this.executor);
				started = true;
			}
		}
		if (started) {
			this.settings.events().publish(new WeirListenerEvent.Started(getId()));
		}
	}

	/** Stops and waits, unless called by the listener itself. Harmless when stopped. */
	@Override
	public void stop() {
		stopsBecauseOf(null);
		ListenerGroup current = group();
		CompletableFuture<Void> stopped = stopAsync();
		if (current != null && !current.isCurrentThread()) {
			stopped.join();
		}
	}

	@Override
	public void stop(Runnable callback) {
		stopsBecauseOf(null);
		stopAsync().whenComplete((none, failure) -> callback.run());
	}

	private void stopsBecauseOf(@Nullable Throwable cause) {
		synchronized (this.lock) {
			this.stopCause = cause;
		}
	}

	/** The error handler says so. Does not wait. */
	private void stopBecauseOf(Throwable failure) {
		logger.error("Listener '{}' stops, as its error handler says, until it is started again: {}", getId(),
				Causes.text(failure));
		stopsBecauseOf(failure);
		stopAsync();
	}

	private CompletableFuture<Void> stopAsync() {
		ListenerGroup current = group();
		if (current == null) {
			return CompletableFuture.completedFuture(null);
		}
		return stop(current).thenCompose((left) -> {
			ListenerGroup.tell(left);
			return current.closed();
		});
	}

	/**
	 * Stops, and leaves the consumers, which begin to close, to the client.
	 * @return whether it was left behind, human-readable
	 */
	CompletableFuture<List<String>> stopWithClient() {
		ListenerGroup current = group();
		return (current != null) ? stop(current) : CompletableFuture.completedFuture(List.of());
	}

	private CompletableFuture<List<String>> stop(ListenerGroup current) {
		return current.stop().whenComplete((left, failure) -> ended(current));
	}

	private void ended(ListenerGroup stopped) {
		synchronized (this.lock) {
			if (this.group != stopped) {
				return;
			}
			this.group = null;
		}
		logger.info(
				"Listener '{}' has stopped; of the {} messages that it was given so far it failed on {}, and {} "
						+ "are given back undecided",
				getId(), sum((counts) -> counts.received), sum((counts) -> counts.failed),
				sum((counts) -> counts.givenBack) + sum((counts) -> counts.underWay));
		this.settings.events().publish(new WeirListenerEvent.Stopped(getId()));
	}

	/** Tells it how to find the others of its application. */
	void siblings(ListenerSiblings siblings) {
		this.siblings = siblings;
	}

	/** The listener, if it may be called with what comes from another's subscription. */
	@Nullable ListenerTarget target(WeirListenerContainer other, String topic, String subscription) {
		ListenerGroup current = group();
		boolean called = current != null && !current.isPaused()
				&& Objects.equals(this.settings.client(), other.settings.client())
				&& this.settings.topics().contains(topic) && subscription.equals(this.settings.subscription());
		return called ? this.target : null;
	}

	/** Receives nothing until resumed or stopped. Harmless when stopped. */
	public void pause() {
		ListenerGroup current = group();
		if (current != null) {
			current.pause();
		}
	}

	/** Takes back {@link #pause()}. */
	public void resume() {
		ListenerGroup current = group();
		if (current != null) {
			current.resume();
		}
	}

	/**
	 * What the container is doing. Costs nothing.
	 * @return a snapshot
	 */
	public ListenerStatus getStatus() {
		ListenerGroup current = group();
		Throwable cause = stopCause();
		// First: a thread says what has failed before it says that it has.
		ListenerState state = (current != null) ? current.state()
				: (cause != null) ? ListenerState.FAILED : ListenerState.STOPPED;
		Throwable failure = (cause != null || current == null) ? cause : current.failure();
		return new ListenerStatus(this.settings.id(), this.settings.client(), this.settings.topics(),
				this.settings.subscription(), state, this.settings.concurrency(), sum((counts) -> counts.received),
				sum((counts) -> counts.failed),
				sum((counts) -> counts.givenBack) + ((current == null) ? sum((counts) -> counts.underWay) : 0),
				text(failure), text((failure != null) ? failure : this.counts.lastFailure));
	}

	private long sum(Function<TopicCounts, LongAdder> count) {
		return this.counts.sum(count);
	}

	/**
	 * What is to be measured of the messages of one topic. Costs little, and asks nobody.
	 * @param topic one of the listener's topics, as {@link #getStatus()} has them
	 * @return a snapshot
	 * @throws IllegalArgumentException if it is none of the listener's topics
	 */
	public ListenerTopicStats getStats(String topic) {
		TopicCounts counts = this.counts.topics().get(topic);
		if (counts == null) {
			throw new IllegalArgumentException(
					"Listener '" + getId() + "' has no topic '" + topic + "'; it has " + this.settings.topics());
		}
		ListenerGroup current = group();
		int concurrency = this.settings.concurrency();
		return new ListenerTopicStats(topic, counts.received.sum(), counts.redelivered.sum(), counts.processed.sum(),
				counts.failed.sum(), counts.deadLettered.sum(),
				(current != null) ? (int) current.sources(topic).count() : 0, concurrency,
				counts.activeThreads.intValue(), concurrency * this.settings.keyConcurrency(), counts.backlog);
	}

	/**
	 * Asks the broker for the backlogs of the subscription, one question for each topic,
	 * and keeps the answers for {@link #getStats}. Does not wait. A topic without a
	 * consumer that is connected has none afterwards, and so does one for which the
	 * broker cannot tell it.
	 * @return completes, never exceptionally, when all is answered
	 */
	public CompletableFuture<Void> refreshBacklogs() {
		ListenerGroup current = group();
		return CompletableFuture.allOf(this.counts.topics()
			.entrySet()
			.stream()
			.map((each) -> backlog(current, each.getKey()).handle((backlog, failure) -> {
				each.getValue().backlog = backlog;
				return null;
			}))
			.toArray(CompletableFuture[]::new));
	}

	private static CompletableFuture<@Nullable Backlog> backlog(@Nullable ListenerGroup current, String topic) {
		MessageSource source = (current != null) ? current.sources(topic).findFirst().orElse(null) : null;
		if (source == null) {
			return CompletableFuture.completedFuture(null);
		}
		return source.backlog();
	}

	private static @Nullable String text(@Nullable Throwable failure) {
		return (failure != null) ? Causes.text(failure) : null;
	}

	private @Nullable Throwable stopCause() {
		synchronized (this.lock) {
			return this.stopCause;
		}
	}

	private @Nullable ListenerGroup group() {
		synchronized (this.lock) {
			return this.group;
		}
	}

	@Override
	public boolean isRunning() {
		return group() != null;
	}

	@Override
	public boolean isAutoStartup() {
		return this.settings.autoStartup();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
