package io.weir.pool;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.pool.ScriptedLifecycle.Resource;
import io.weir.time.DurationRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class PoolBuilderTest extends PoolFixture {

	@ParameterizedTest
	@MethodSource("mistakes")
	void aMistakeIsNamedWithWhatIsAllowed(String message, UnaryOperator<PoolBuilder<Resource>> mistake) {
		assertThatIllegalArgumentException().isThrownBy(() -> mistake.apply(builder()).build()).withMessage(message);
	}

	static Arguments[] mistakes() {
		Duration negative = Duration.ofSeconds(-1);
		return new Arguments[] { mistake("minSize must be from 0 to maxSize (8), was 9", (b) -> b.minSize(9)),
				mistake("minSize must be from 0 to maxSize (8), was -1", (b) -> b.minSize(-1)),
				mistake("maxSize must be at least 1, was 0", (b) -> b.maxSize(0)),
				mistake("initialSize must be from 0 to maxSize (8), was 9", (b) -> b.initialSize(9)),
				mistake("creationConcurrency must be at least 1, was 0", (b) -> b.creationConcurrency(0)),
				mistake("maxIdleTime must be from 0 to 365d, was PT-1S", (b) -> b.maxIdleTime(negative)),
				mistake("maxLifetime must be from 0 to 365d, was PT-1S", (b) -> b.maxLifetime(negative)),
				mistake("validationInterval must be from 0 to 365d, was PT-1S", (b) -> b.validationInterval(negative)),
				mistake("leakDetectionThreshold must be from 0 to 365d, was PT-1S",
						(b) -> b.leakDetectionThreshold(negative)),
				mistake("borrowTimeout must be from 0 to 365d, was PT-1S", (b) -> b.borrowTimeout(negative)),
				mistake("lifecycleTimeout must be from 1ms to 365d, was PT0S",
						(b) -> b.lifecycleTimeout(Duration.ZERO)),
				mistake("name must not be blank, was ' '", (b) -> b.name(" ")) };
	}

	private static Arguments mistake(String message, UnaryOperator<PoolBuilder<Resource>> mistake) {
		return arguments(message, mistake);
	}

	@Test
	void longestTimesAreForEver() {
		Duration longest = DurationRange.LONGEST;
		build(builder().minSize(1)
			.maxIdleTime(longest)
			.maxLifetime(longest)
			.validationInterval(longest)
			.borrowTimeout(longest)
			.lifecycleTimeout(longest)
			.leakDetectionThreshold(longest));
		pass(Duration.ofMinutes(1));
		assertThat(this.pool.stats().destroyed().values()).allMatch((count) -> count == 0);
		this.pool.borrow().close();
	}

	@Test
	void borrowerMayWaitForAnyTime() {
		build(builder().maxSize(1).initialSize(1));
		this.pool.borrow(Duration.ofSeconds(Long.MAX_VALUE)).close();
		try (Lease<Resource> only = this.pool.borrow(Duration.ofSeconds(Long.MIN_VALUE))) {
			assertThatExceptionOfType(BorrowTimeoutException.class)
				.isThrownBy(() -> this.pool.borrow(Duration.ofSeconds(Long.MIN_VALUE)));
			assertThat(only.resource()).isNotNull();
		}
		CompletionStage<CloseReport> closed = this.pool.closeAsync(Duration.ofSeconds(Long.MAX_VALUE));
		pass(Duration.ofSeconds(1));
		// It is told on a thread of its own.
		assertThat(closed.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
	}

}
