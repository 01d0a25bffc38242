package io.weir.wire;

import java.util.Objects;

import org.junit.jupiter.api.Test;

import io.weir.message.DeadLetterCause;

import static org.assertj.core.api.Assertions.assertThat;

/** What is told of a failure, whatever the failure is. */
class FailureReportTest {

	@Test
	void classMessageAndStackTraceMustBeToldWithItsCauses() {
		Throwable failure = new IllegalStateException("outer", new IllegalArgumentException("inner"));
		FailureReport report = FailureReport.of(failure, true);
		assertThat(report.error()).isEqualTo("java.lang.IllegalStateException: outer");
		DeadLetterCause cause = Objects.requireNonNull(report.cause());
		assertThat(cause.exception()).isEqualTo("java.lang.IllegalStateException");
		assertThat(cause.message()).isEqualTo("outer");
		assertThat(cause.stackTrace()).startsWith("java.lang.IllegalStateException: outer\n\tat ")
			.contains("FailureReportTest", "\nCaused by: java.lang.IllegalArgumentException: inner\n\tat ");
	}

	@Test
	void howeverLongAFailureIsItsReportMustBeBounded() {
		Throwable failure = new IllegalStateException("x".repeat(100_000));
		for (int i = 0; i < 100; i++) {
			failure = new IllegalStateException("y".repeat(10_000), failure);
		}
		FailureReport report = FailureReport.of(failure, true);
		DeadLetterCause cause = Objects.requireNonNull(report.cause());
		assertThat(cause.stackTrace()).hasSize(FailureReport.MAX_STACK_TRACE);
		assertThat(cause.message()).hasSize(ErrorText.MAX_CHARACTERS);
		assertThat(report.size()).isLessThan(7_000);
	}

	@Test
	void whatAPeerSaysMustBeCut() {
		DeadLetterCause cause = new DeadLetterCause("x".repeat(60_000), "y".repeat(60_000), "z".repeat(60_000));
		assertThat(new FailureReport("w".repeat(60_000), cause).size()).isEqualTo(300 + 1_000 + 4_000 + 1_000);
	}

	@Test
	void failureThatCannotSayAnythingMustBeToldByItsClass() {
		class Unprintable extends RuntimeException {

			private static final long serialVersionUID = 1;

			@Override
			public String getMessage() {
				throw new IllegalStateException("No message, on purpose");
			}

		}
		FailureReport report = FailureReport.of(new Unprintable(), true);
		assertThat(report.error()).contains("Unprintable");
		assertThat(Objects.requireNonNull(report.cause()).message()).isEmpty();
	}

	@Test
	void stackTraceMustBeLeftOutUnlessItIsAskedFor() {
		assertThat(FailureReport.of(new IllegalStateException("no"), false).cause()).isNull();
	}

}
