package io.weir.sample.job;

import org.junit.jupiter.api.Test;

import io.weir.message.MessageId;
import io.weir.sample.job.FlightChecker.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

class FlightCheckerTests {

	private final FlightChecker checker = new FlightChecker();

	private long entry;

	@Test
	void flightsInOrderOfTheirAirportAreOk() {
		arrive("SFO", 0);
		arrive("LAX", 0);
		arrive("LAX", 1);
		arrive("SFO", 1);
		assertThat(this.checker.result(4).ok()).isTrue();
		assertThat(this.checker.result(4)).hasToString("order: ok, lost: 0, duplicates: 0");
	}

	@Test
	void lossIsFound() {
		arrive("SFO", 0);
		arrive("SFO", 2);
		assertThat(this.checker.result(4).ok()).isFalse();
		assertThat(this.checker.result(4)).hasToString("order: ok, lost: 2, duplicates: 0");
	}

	@Test
	void duplicateIsFound() {
		arrive("SFO", 0);
		arrive("SFO", 1);
		assertThat(arrive("SFO", 0)).isEqualTo(Verdict.DUPLICATE);
		assertThat(this.checker.result(2).ok()).isFalse();
		assertThat(this.checker.result(2)).hasToString("order: ok, lost: 0, duplicates: 1");
	}

	@Test
	void duplicateDoesNotHideLoss() {
		arrive("SFO", 0);
		arrive("SFO", 0);
		assertThat(this.checker.result(2)).hasToString("order: ok, lost: 1, duplicates: 1");
	}

	@Test
	void reorderingIsFound() {
		arrive("SFO", 1);
		assertThat(arrive("SFO", 0)).isEqualTo(Verdict.OUT_OF_ORDER);
		assertThat(this.checker.result(2).ok()).isFalse();
		assertThat(this.checker.result(2)).hasToString("order: broken for 1 flights, lost: 0, duplicates: 0");
	}

	@Test
	void redeliveryOfTheSameMessageIsCountedApart() {
		MessageId id = id();
		this.checker.check("SFO", 0, id);
		assertThat(this.checker.check("SFO", 0, id)).isEqualTo(Verdict.REDELIVERED);
		assertThat(this.checker.result(1).ok()).isTrue();
		assertThat(this.checker.result(1).redelivered()).isEqualTo(1);
	}

	private Verdict arrive(String airport, long sequence) {
		return this.checker.check(airport, sequence, id());
	}

	private MessageId id() {
		return MessageId.parse("0:0:" + this.entry++ + ":0");
	}

}
