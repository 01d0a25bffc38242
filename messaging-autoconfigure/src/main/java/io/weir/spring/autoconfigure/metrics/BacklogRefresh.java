package io.weir.spring.autoconfigure.metrics;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

import io.weir.concurrent.DaemonThreads;
import io.weir.spring.listener.WeirListenerRegistry;

/**
 * Asks the broker for the backlogs of all listeners and consumers now and then, so that
 * reading the meters asks nobody: one question for each topic of a listener, however many
 * instances of the application read how many meters.
 */
final class BacklogRefresh implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(BacklogRefresh.class);

	private final WeirListenerRegistry listeners;

	private final ConsumerMeters consumers;

	private final Duration interval;

	/** Guarded by this. */
	private @Nullable ScheduledExecutorService scheduler;

	/**
	 * Creates it.
	 * @param interval how often; zero for never
	 */
	BacklogRefresh(WeirListenerRegistry listeners, ConsumerMeters consumers, Duration interval) {
		this.listeners = listeners;
		this.consumers = consumers;
		this.interval = interval;
	}

	@Override
	public synchronized void start() {
		if (this.scheduler == null && !this.interval.isZero()) {
			this.scheduler = DaemonThreads.newScheduler(DaemonThreads.named("weir-backlogs"));
			this.scheduler.scheduleWithFixedDelay(this::refresh, this.interval.toNanos(), this.interval.toNanos(),
					TimeUnit.NANOSECONDS);
		}
	}

	private void refresh() {
		refresh(this.consumers::refreshBacklogs);
		this.listeners.getContainers().forEach((container) -> refresh(container::refreshBacklogs));
	}

	/** Whatever fails, the next one is asked for, and all again later. */
	private static void refresh(Runnable question) {
		try {
			question.run();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("The broker could not be asked for backlogs, which is tried again", ex);
		}
	}

	@Override
	public synchronized void stop() {
		if (this.scheduler != null) {
			this.scheduler.shutdownNow();
			this.scheduler = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.scheduler != null;
	}

}
