package io.weir.broker.store;

import org.junit.jupiter.api.Test;

import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

class ProducerWindowTest {

	private final ProducerWindow window = new ProducerWindow();

	@Test
	void entriesMustBeKeptBySequenceIdHoweverTheyCome() {
		StoredBatch first = add(0, 5);
		StoredBatch third = add(10, 1);
		StoredBatch second = add(5, 5);
		assertThat(this.window.batches()).containsExactly(first, second, third);
	}

	@Test
	void whatEndsBeforeTheWindowMustBeForgotten() {
		add(0, 5);
		add(5, 5);
		StoredBatch last = add(Limits.MAX_IN_FLIGHT + 9, 1);
		assertThat(ProducerWindow.start(Limits.MAX_IN_FLIGHT + 9)).isEqualTo(10);
		assertThat(this.window.batches()).as("5 to 9 end before 10").containsExactly(last);
	}

	@Test
	void whatEndsInTheWindowMustBeKept() {
		StoredBatch second = add(5, 6);
		StoredBatch last = add(Limits.MAX_IN_FLIGHT + 9, 1);
		assertThat(this.window.batches()).containsExactly(second, last);
		add(0, 5);
		assertThat(this.window.batches()).as("comes too late").containsExactly(second, last);
	}

	private StoredBatch add(long firstSequence, int count) {
		StoredBatch batch = new StoredBatch(firstSequence, count, new Position(0, firstSequence));
		this.window.add(batch);
		return batch;
	}

}
