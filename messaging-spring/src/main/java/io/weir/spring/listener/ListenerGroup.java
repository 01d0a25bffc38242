package io.weir.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.spring.observation.WeirObservations;

/** The threads of a container from one start to the next stop. */
final class ListenerGroup {

	private static final Logger logger = LoggerFactory.getLogger(ListenerGroup.class);

	private static final Executor LATER = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

	private final ContainerSettings settings;

	private final ListenerControl control = new ListenerControl();

	private final List<ListenerThread> threads = new ArrayList<>();

	ListenerGroup(ContainerSettings settings, Function<String, CompletableFuture<MessageSource>> subscriber,
			WeirObservations observations, ListenerTarget target, ListenerSiblings siblings, ThreadFactory lanes) {
		this.settings = settings;
		for (String topic : settings.topics()) {
			for (int i = 0; i < settings.concurrency(); i++) {
				this.threads.add(new ListenerThread(settings, topic, () -> subscriber.apply(topic), this.control,
						observations, target, siblings, lanes));
			}
		}
	}

	void start(Executor executor) {
		for (ListenerThread thread : this.threads) {
			try {
				executor.execute(thread);
			}
			catch (RuntimeException | Error ex) {
				thread.couldNotStart(ex);
			}
		}
	}

	/**
	 * Stops.
	 * @return completes when all threads have ended, or have been left behind; says, for
	 * people, whether any were. Consumers may still have to be closed
	 */
	CompletableFuture<List<String>> stop() {
		this.control.stop();
		this.threads.forEach(ListenerThread::wake);
		Duration timeout = this.settings.shutdownTimeout();
		CompletableFuture<Void> settled = CompletableFuture
			.allOf(this.threads.stream().map(ListenerThread::settled).toArray(CompletableFuture[]::new))
			.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
		leaveThoseThatEndTheApplication(settled);
		return settled.handleAsync((none, failure) -> (failure != null) ? List.of(abandon(timeout)) : List.of());
	}

	/** Completes when all consumers are closed, after {@link #stop()}. */
	CompletableFuture<Void> closed() {
		return CompletableFuture
			.allOf(this.threads.stream().map(ListenerThread::closed).toArray(CompletableFuture[]::new));
	}

	/**
	 * Again and again, since a thread may begin with that while others are waited for.
	 */
	private void leaveThoseThatEndTheApplication(CompletableFuture<Void> settled) {
		this.threads.forEach(ListenerThread::leaveIfItEndsTheApplication);
		if (!settled.isDone()) {
			LATER.execute(() -> leaveThoseThatEndTheApplication(settled));
		}
	}

	private String abandon(Duration timeout) {
		List<ListenerThread> left = this.threads.stream().filter((thread) -> !thread.settled().isDone()).toList();
		left.forEach(ListenerThread::abandon);
		return "'" + this.settings.id() + "' (" + left.size() + " of its " + this.threads.size() + " threads, within "
				+ timeout.toMillis() + " ms)";
	}

	/** Tells of listeners that were left behind, together. */
	static void tell(List<String> left) {
		if (!left.isEmpty()) {
			logger.warn("Listeners that did not finish are interrupted, and what they have not acknowledged will be "
					+ "delivered again: {}", String.join(", ", left));
		}
	}

	boolean isPaused() {
		return this.control.isPaused();
	}

	void pause() {
		this.control.pause();
		sources().forEach(MessageSource::pause);
	}

	void resume() {
		this.control.resume();
		sources().forEach(MessageSource::resume);
	}

	private Stream<MessageSource> sources() {
		return this.threads.stream().flatMap((thread) -> Stream.ofNullable(thread.source()));
	}

	/** Those of a topic that are connected. */
	Stream<MessageSource> sources(String topic) {
		return this.threads.stream()
			.filter((thread) -> thread.topic().equals(topic))
			.flatMap((thread) -> Stream.ofNullable(thread.source()))
			.filter(MessageSource::isConnected);
	}

	boolean isCurrentThread() {
		return this.threads.stream().anyMatch(ListenerThread::isCurrent);
	}

	ListenerState state() {
		if (any(ListenerThread.Activity.FAILED)) {
			return ListenerState.FAILED;
		}
		if (this.control.isStopped()) {
			return ListenerState.STOPPING;
		}
		if (any(ListenerThread.Activity.SUBSCRIBING)) {
			return ListenerState.SUBSCRIBING;
		}
		return this.control.isPaused() ? ListenerState.PAUSED : ListenerState.RUNNING;
	}

	private boolean any(ListenerThread.Activity activity) {
		return this.threads.stream().anyMatch((thread) -> thread.activity() == activity);
	}

	@Nullable Throwable failure() {
		return this.threads.stream().map(ListenerThread::failure).filter(Objects::nonNull).findFirst().orElse(null);
	}

}
