package io.weir.pool;

import java.time.Duration;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class PoolBuilderTest extends PoolFixture {

	@ParameterizedTest
	@MethodSource("mistakes")
	void aMistakeIsNamedWithWhatIsAllowed(String message, UnaryOperator<PoolBuilder<Resource>> mistake) {
		PoolBuilder<Resource> builder = mistake.apply(builder());
		assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage(message);
	}

	static Arguments[] mistakes() {
		Duration negative = Duration.ofSeconds(-1);
		return new Arguments[] { mistake("minSize must be between 0 and maxSize (8), was 9", (b) -> b.minSize(9)),
				mistake("minSize must be between 0 and maxSize (8), was -1", (b) -> b.minSize(-1)),
				mistake("maxSize must be at least 1, was 0", (b) -> b.maxSize(0)),
				mistake("initialSize must be between 0 and maxSize (8), was 9", (b) -> b.initialSize(9)),
				mistake("creationConcurrency must be at least 1, was 0", (b) -> b.creationConcurrency(0)),
				mistake("maxIdleTime must not be negative, was PT-1S", (b) -> b.maxIdleTime(negative)),
				mistake("maxLifetime must not be negative, was PT-1S", (b) -> b.maxLifetime(negative)),
				mistake("validationInterval must not be negative, was PT-1S", (b) -> b.validationInterval(negative)),
				mistake("leakDetectionThreshold must not be negative, was PT-1S",
						(b) -> b.leakDetectionThreshold(negative)),
				mistake("borrowTimeout must not be negative, was PT-1S", (b) -> b.borrowTimeout(negative)),
				mistake("lifecycleTimeout must be more than zero, was PT0S", (b) -> b.lifecycleTimeout(Duration.ZERO)),
				mistake("name must not be blank", (b) -> b.name(" ")) };
	}

	private static Arguments mistake(String message, UnaryOperator<PoolBuilder<Resource>> mistake) {
		return arguments(message, mistake);
	}

	@Test
	void veryLongTimesAreForEver() {
		Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
		build(builder().minSize(1)
			.maxIdleTime(ever)
			.maxLifetime(ever)
			.validationInterval(ever)
			.borrowTimeout(ever)
			.leakDetectionThreshold(ever));
		pass(Duration.ofMinutes(1));
		assertThat(this.pool.stats().destroyed().values()).allMatch((count) -> count == 0);
		this.pool.borrow().close();
	}

}
