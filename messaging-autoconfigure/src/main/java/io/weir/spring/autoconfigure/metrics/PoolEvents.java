package io.weir.spring.autoconfigure.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import io.weir.pool.DestroyReason;
import io.weir.pool.PoolListener;
import io.weir.pool.ValidationPhase;

/** Counts and times what happens in a pool. */
final class PoolEvents implements PoolListener {

	private final Timer borrow;

	private final Timer usage;

	private final Counter timeouts;

	private final Counter leaks;

	private final Counter created;

	private final Counter creationFailures;

	private final Map<DestroyReason, Counter> destroyed = new EnumMap<>(DestroyReason.class);

	private final Map<ValidationPhase, Counter> valid = new EnumMap<>(ValidationPhase.class);

	private final Map<ValidationPhase, Counter> invalid = new EnumMap<>(ValidationPhase.class);

	PoolEvents(MeterRegistry registry, String pool) {
		this.borrow = Timer.builder("weir.pool.borrow")
			.description("Time that borrowers waited for a stream")
			.tag("pool", pool)
			.register(registry);
		this.usage = Timer.builder("weir.pool.usage")
			.description("Time that streams were lent")
			.tag("pool", pool)
			.register(registry);
		this.timeouts = counter(registry, pool, "weir.pool.timeouts", "Borrowers that gave up waiting for a stream");
		this.leaks = counter(registry, pool, "weir.pool.leaks", "Streams lent for longer than the leak threshold");
		this.created = counter(registry, pool, "weir.pool.created", "Streams opened");
		this.creationFailures = counter(registry, pool, "weir.pool.creation.failures",
				"Streams that could not be opened, or failed their first test");
		for (DestroyReason reason : DestroyReason.values()) {
			this.destroyed.put(reason,
					Counter.builder("weir.pool.destroyed")
						.description("Streams closed")
						.tags("pool", pool, "reason", tag(reason))
						.register(registry));
		}
		for (ValidationPhase phase : ValidationPhase.values()) {
			this.valid.put(phase, validations(registry, pool, phase, "valid"));
			this.invalid.put(phase, validations(registry, pool, phase, "invalid"));
		}
	}

	private static Counter counter(MeterRegistry registry, String pool, String name, String description) {
		return Counter.builder(name).description(description).tag("pool", pool).register(registry);
	}

	private static Counter validations(MeterRegistry registry, String pool, ValidationPhase phase, String outcome) {
		return Counter.builder("weir.pool.validations")
			.description("Tests of streams")
			.tags("pool", pool, "phase", tag(phase), "outcome", outcome)
			.register(registry);
	}

	private static String tag(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	@Override
	public void borrowed(long waitNanos) {
		this.borrow.record(Duration.ofNanos(waitNanos));
	}

	@Override
	public void borrowTimedOut(long waitNanos) {
		this.borrow.record(Duration.ofNanos(waitNanos));
		this.timeouts.increment();
	}

	@Override
	public void returned(long usageNanos) {
		this.usage.record(Duration.ofNanos(usageNanos));
	}

	@Override
	public void created(long creationNanos) {
		this.created.increment();
	}

	@Override
	public void creationFailed(Throwable cause) {
		this.creationFailures.increment();
	}

	@Override
	public void leaked(long lentNanos) {
		this.leaks.increment();
	}

	@Override
	public void validated(ValidationPhase phase, boolean valid) {
		count((valid ? this.valid : this.invalid).get(phase));
	}

	@Override
	public void destroyed(DestroyReason reason) {
		count(this.destroyed.get(reason));
	}

	private static void count(@Nullable Counter counter) {
		if (counter != null) {
			counter.increment();
		}
	}

}
