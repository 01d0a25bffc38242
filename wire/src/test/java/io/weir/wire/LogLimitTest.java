package io.weir.wire;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogLimitTest {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

	private final LogLimit limit = new LogLimit(2, Duration.ofSeconds(10), this.now::get);

	@Test
	void linesBeyondTheLimitMustBeLeftOutAndCounted() {
		assertThat(this.limit.next()).isEqualTo(new LogLimit.Line(0, null));
		assertThat(this.limit.next()).isNotNull();
		assertThat(this.limit.next()).isNull();
		assertThat(this.limit.next()).isNull();
		this.now.addAndGet(Duration.ofSeconds(10).toNanos());
		LogLimit.Line next = Objects.requireNonNull(this.limit.next());
		assertThat(next.ending()).isEqualTo(" (2 more like this were not logged)");
		assertThat(Objects.requireNonNull(this.limit.next()).ending()).isEmpty();
		assertThat(this.limit.next()).isNull();
	}

	@Test
	void stackTraceMustBePrintedOncePerKindOfFailure() {
		for (int i = 0; i < 2; i++) {
			Throwable failure = failure("message " + i);
			LogLimit.Line line = Objects.requireNonNull(this.limit.next(failure));
			assertThat(line.trace()).isEqualTo((i == 0) ? failure : null);
		}
		assertThat(this.limit.next(failure("left out"))).isNull();
		Throwable other = new IllegalArgumentException("of another kind, which must be seen");
		assertThat(Objects.requireNonNull(this.limit.next(other)).trace()).isSameAs(other);
		Throwable wrapped = new IllegalStateException(other);
		assertThat(Objects.requireNonNull(this.limit.next(wrapped)).trace()).isSameAs(wrapped);
	}

	@Test
	void failureThatCannotBePrintedMustBeALineWithoutItsStackTrace() {
		for (Throwable failure : List.of(new Unprintable(), new IllegalStateException("wrapped", new Unprintable()))) {
			assertThat(Objects.requireNonNull(this.limit.next(failure)).trace()).isNull();
		}
	}

	private static final class Unprintable extends RuntimeException {

		private static final long serialVersionUID = 1;

		@Override
		public String getMessage() {
			throw new IllegalStateException("No message, on purpose");
		}

	}

	private static Throwable failure(String message) {
		return new IllegalStateException(message);
	}

	@Test
	void whatFailsInEverNewPlacesMustNotBeRememberedWithoutEnd() {
		for (int i = 0; i < 1000; i++) {
			IllegalStateException failure = new IllegalStateException();
			failure.setStackTrace(new StackTraceElement[] { new StackTraceElement("Some", "where", "Some.java", i) });
			this.limit.next(failure);
		}
		assertThat(this.limit.next(new IllegalArgumentException())).isNull();
	}

}
