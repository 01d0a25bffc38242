package io.weir.spring.autoconfigure.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;

import io.weir.client.Consumer;
import io.weir.message.Backlog;

/** What is measured of consumers that are beans. Reading a meter asks nobody. */
final class ConsumerMeters implements MeterBinder {

	private final ListableBeanFactory beans;

	/** {@code null} if nobody asks for backlogs. */
	private final @Nullable BacklogMeters backlogs;

	private final Map<String, Asked> consumers = new ConcurrentHashMap<>();

	/**
	 * Creates the meters.
	 * @param backlogs makes those of backlogs; {@code null} if nobody asks for these
	 */
	ConsumerMeters(ListableBeanFactory beans, @Nullable BacklogMeters backlogs) {
		this.beans = beans;
		this.backlogs = backlogs;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String name : this.beans.getBeanNamesForType(Consumer.class, false, false)) {
			Asked asked = this.consumers.computeIfAbsent(name,
					(bean) -> new Asked(this.beans.getBean(bean, Consumer.class)));
			Tags tags = Tags.of("consumer", name, "topic", asked.consumer.topic(), "subscription",
					asked.consumer.subscription());
			Gauge.builder("weir.consumer.connected", asked, (each) -> each.consumer.isConnected() ? 1 : 0)
				.description("1 while the consumer is subscribed, else 0")
				.tags(tags)
				.register(registry);
			if (this.backlogs != null) {
				this.backlogs.register(registry, "weir.consumer", tags, asked, (each) -> each.backlog);
			}
		}
	}

	/** Asks the broker for the backlogs. Does not wait. */
	void refreshBacklogs() {
		this.consumers.values().forEach(Asked::refresh);
	}

	/** A consumer, and what the broker said last. */
	private static final class Asked {

		private final Consumer<?> consumer;

		private volatile @Nullable Backlog backlog;

		Asked(Consumer<?> consumer) {
			this.consumer = consumer;
		}

		private void refresh() {
			this.consumer.backlogAsync().whenComplete((told, failure) -> this.backlog = told);
		}

	}

}
