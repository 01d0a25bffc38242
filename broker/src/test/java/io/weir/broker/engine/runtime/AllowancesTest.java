package io.weir.broker.engine.runtime;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AllowancesTest {

	private long now = 1000;

	private final Allowances allowances = new Allowances(10, 100, () -> this.now);

	@Test
	void whatWasTakenMustGrowAgainEvenly() {
		IntStream.range(0, 10).forEach((i) -> assertThat(this.allowances.tryTake("a")).isTrue());
		assertThat(this.allowances.tryTake("a")).isFalse();
		assertThat(this.allowances.tryTake("b")).as("each has its own").isTrue();
		this.now += 10;
		assertThat(this.allowances.tryTake("a")).isTrue();
		assertThat(this.allowances.tryTake("a")).isFalse();
		this.now += 10_000;
		IntStream.range(0, 10).forEach((i) -> assertThat(this.allowances.tryTake("a")).isTrue());
		assertThat(this.allowances.tryTake("a")).as("never more than all").isFalse();
	}

	@Test
	void clockThatIsSetBackMustGiveNothingAndTakeNothing() {
		IntStream.range(0, 9).forEach((i) -> this.allowances.tryTake("a"));
		this.now = 0;
		assertThat(this.allowances.tryTake("a")).isTrue();
		assertThat(this.allowances.tryTake("a")).isFalse();
		this.now = 10;
		assertThat(this.allowances.tryTake("a")).isTrue();
	}

	@Test
	void whoeverHasAllOfItMustBeForgotten() {
		for (int i = 0; i < 10_000; i++) {
			this.now += 100;
			this.allowances.tryTake(i);
		}
		assertThat(this.allowances.size()).isLessThan(2000);
	}

}
