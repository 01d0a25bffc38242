package io.weir.spring.autoconfigure.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import io.weir.spring.listener.ListenerStatus;
import io.weir.spring.listener.ListenerTopicStats;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.listener.WeirListenerRegistryListener;

/**
 * What is measured of each topic of each listener, for as long as its container is
 * registered. Reading a meter asks nobody.
 */
final class ListenerMeters implements MeterBinder {

	private final WeirListenerRegistry listeners;

	/** {@code null} if nobody asks for backlogs. */
	private final @Nullable BacklogMeters backlogs;

	/**
	 * Creates the meters.
	 * @param backlogs makes those of backlogs; {@code null} if nobody asks for these
	 */
	ListenerMeters(WeirListenerRegistry listeners, @Nullable BacklogMeters backlogs) {
		this.listeners = listeners;
		this.backlogs = backlogs;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.listeners.addListener(new Bound(registry));
	}

	/** The meters in one registry. */
	private final class Bound implements WeirListenerRegistryListener {

		private final MeterRegistry registry;

		private final Map<WeirListenerContainer, List<Meter>> meters = new ConcurrentHashMap<>();

		Bound(MeterRegistry registry) {
			this.registry = registry;
		}

		@Override
		public void registered(WeirListenerContainer container) {
			this.meters.computeIfAbsent(container, (added) -> {
				List<Meter> registered = new ArrayList<>();
				ListenerStatus status = added.getStatus();
				status.topics()
					.forEach((topic) -> registered.addAll(new OfTopic(this.registry, added, status, topic).register()));
				return registered;
			});
		}

		@Override
		public void unregistered(WeirListenerContainer container) {
			List<Meter> gone = this.meters.remove(container);
			if (gone != null) {
				gone.forEach(this.registry::remove);
			}
		}

	}

	/** The meters of one topic of a listener. */
	private final class OfTopic {

		private final List<Meter> meters = new ArrayList<>();

		private final MeterRegistry registry;

		private final WeirListenerContainer container;

		private final String topic;

		private final Tags tags;

		private final @Nullable BacklogMeters backlogs;

		OfTopic(MeterRegistry registry, WeirListenerContainer container, ListenerStatus status, String topic) {
			this.registry = registry;
			this.container = container;
			this.topic = topic;
			this.backlogs = (status.subscription() != null) ? ListenerMeters.this.backlogs : null;
			this.tags = Tags.of("listener", status.id(), "topic", topic, "subscription",
					(status.subscription() != null) ? status.subscription() : "none", "client",
					(status.client() != null) ? status.client() : "default");
		}

		List<Meter> register() {
			counter("received", "Messages that the listener was given", ListenerTopicStats::received);
			counter("redelivered", "Messages among those that had been delivered before",
					ListenerTopicStats::redelivered);
			counter("processed", "Messages that the listener succeeded with", ListenerTopicStats::processed);
			counter("failed", "Failures of the listener on a message, each retry in place included",
					ListenerTopicStats::failed);
			counter("dead.letters", "Messages given back for the broker to make dead letters of",
					ListenerTopicStats::deadLettered);
			gauge("concurrency", "Consumers that are subscribed", "consumers", ListenerTopicStats::concurrency);
			gauge("concurrency.max", "Consumers that the listener is to have", "consumers",
					ListenerTopicStats::maxConcurrency);
			gauge("threads.active", "Threads that are in the listener", "threads", ListenerTopicStats::activeThreads);
			gauge("threads.max", "Threads that may be in the listener", "threads", ListenerTopicStats::maxThreads);
			if (this.backlogs != null) {
				this.meters.addAll(this.backlogs.register(this.registry, "weir.listener", this.tags, this.container,
						(container) -> container.getStats(this.topic).backlog()));
			}
			return this.meters;
		}

		private void counter(String name, String description, ToLongFunction<ListenerTopicStats> value) {
			this.meters.add(FunctionCounter
				.builder("weir.listener." + name, this.container,
						(container) -> value.applyAsLong(container.getStats(this.topic)))
				.description(description)
				.baseUnit("messages")
				.tags(this.tags)
				.register(this.registry));
		}

		private void gauge(String name, String description, String unit, ToDoubleFunction<ListenerTopicStats> value) {
			this.meters.add(Gauge
				.builder("weir.listener." + name, this.container,
						(container) -> value.applyAsDouble(container.getStats(this.topic)))
				.description(description)
				.baseUnit(unit)
				.tags(this.tags)
				.register(this.registry));
		}

	}

}
