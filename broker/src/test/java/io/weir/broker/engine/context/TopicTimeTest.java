package io.weir.broker.engine.context;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;

import static org.assertj.core.api.Assertions.assertThat;

class TopicTimeTest {

	private final List<Effect> effects = new ArrayList<>();

	private final TopicTime time = new TopicTime(this.effects::add);

	@Test
	void wakeUpMustBeAskedForIfItIsEarlierThanTheOneThatComesAnyway() {
		this.time.wakeAt(20);
		this.time.wakeAt(30);
		this.time.wakeAt(20);
		this.time.wakeAt(10);
		assertThat(this.effects).containsExactly(new Effect.WakeAt(20), new Effect.WakeAt(10));
	}

	@Test
	void afterATickTheNextWakeUpMustBeAskedForAgain() {
		this.time.wakeAt(10);
		this.time.ticked();
		this.time.wakeAt(30);
		assertThat(this.effects).containsExactly(new Effect.WakeAt(10), new Effect.WakeAt(30));
	}

	@Test
	void whatNeverComesMustNotBeAskedFor() {
		this.time.wakeAt(Long.MAX_VALUE);
		assertThat(this.effects).isEmpty();
	}

}
