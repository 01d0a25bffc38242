package io.weir.broker.deadletter;

import java.time.Instant;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageId;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DeadLetterFilterTest {

	private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

	private static final MessageId ID = new Position(0, 1).message(0);

	private static final DeadLetter LETTER = new DeadLetter(ID,
			new DeadLetterOrigin("orders", "billing", ID, 3, "No such Customer"), "shipping", 1, false, "key", NOON,
			10);

	private static final DeadLetter FROM_NOWHERE = new DeadLetter(ID, null, null, 0, false, null, NOON, 10);

	private static final DeadLetterFilter ALL = DeadLetterFilter.all();

	static Stream<DeadLetterFilter> filtersOfTheLetter() {
		return Stream.of(ALL.withOriginTopic("orders"), ALL.withSubscription("billing"),
				ALL.withSubscription("shipping"), ALL.withError("such customer"), ALL.withKey("key"),
				ALL.withOriginTopic("orders").withSubscription("billing").withError("no").withKey("key"));
	}

	@ParameterizedTest
	@MethodSource("filtersOfTheLetter")
	void letterMustBeMeantOfWhichAllIsTrueAndNoneOfWhichNothingIsKnown(DeadLetterFilter filter) {
		assertThat(filter.matches(LETTER)).isTrue();
		assertThat(filter.matches(FROM_NOWHERE)).isFalse();
	}

	@Test
	void letterMustNotBeMeantOfWhichOneThingIsNotTrue() {
		assertThat(Stream.of(ALL.withOriginTopic("other"), ALL.withSubscription("other"), ALL.withError("other"),
				ALL.withKey("other"), ALL.withOriginTopic("orders").withKey("other")))
			.noneMatch((filter) -> filter.matches(LETTER));
	}

	@Test
	void timeMustCountFromItsBeginningAndNotToItsEnd() {
		assertThat(ALL.withSince(NOON).matches(LETTER)).isTrue();
		assertThat(ALL.withSince(NOON.plusMillis(1)).matches(LETTER)).isFalse();
		assertThat(ALL.withUntil(NOON).matches(LETTER)).isFalse();
		assertThat(ALL.withUntil(NOON.plusMillis(1)).matches(LETTER)).isTrue();
		assertThat(ALL.withSince(NOON).withUntil(NOON.plusMillis(1)).matches(FROM_NOWHERE)).isTrue();
	}

	@Test
	void timeThatEndsBeforeItBeginsMustBeRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ALL.withSince(NOON).withUntil(NOON))
			.withMessage("'until' must be later than 'since'; " + NOON + " is not later than " + NOON);
	}

	@Test
	void whatIsMeantMustBeSaid() {
		assertThat(ALL).hasToString("all");
		assertThat(ALL.withOriginTopic("orders").withKey("k")).hasToString("origin topic 'orders', key 'k'");
	}

}
