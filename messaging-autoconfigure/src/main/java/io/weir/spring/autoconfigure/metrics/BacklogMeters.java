package io.weir.spring.autoconfigure.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import org.jspecify.annotations.Nullable;

import io.weir.message.Backlog;

/**
 * What the broker said last of a subscription, as gauges; without a value where it has
 * said nothing.
 *
 * @param clock tells how old messages are
 */
record BacklogMeters(InstantSource clock) {

	<T> List<Meter> register(MeterRegistry registry, String prefix, Tags tags, T source,
			Function<T, @Nullable Backlog> backlog) {
		return List.of(
				Gauge.builder(prefix + ".backlog", source, (asked) -> messages(backlog.apply(asked)))
					.description("Messages that the subscription has not acknowledged (its lag)")
					.baseUnit("messages")
					.tags(tags)
					.register(registry),
				TimeGauge
					.builder(prefix + ".backlog.age", source, TimeUnit.MILLISECONDS,
							(asked) -> age(backlog.apply(asked)))
					.description("Age of the oldest message that the subscription has not acknowledged")
					.tags(tags)
					.register(registry));
	}

	private static double messages(@Nullable Backlog backlog) {
		return (backlog != null) ? backlog.messages() : Double.NaN;
	}

	private double age(@Nullable Backlog backlog) {
		if (backlog == null) {
			return Double.NaN;
		}
		Instant oldest = backlog.oldest();
		if (oldest == null) {
			return (backlog.messages() == 0) ? 0 : Double.NaN;
		}
		return Math.max(0, Duration.between(oldest, this.clock.instant()).toMillis());
	}

}
