package io.weir.broker.engine.context;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.Superseded;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.Extent;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.Topic;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

class TopicProgressTest {

	private final EngineFigures figures = new EngineFigures();

	private final TopicProgress progress = new TopicProgress(
			new MemoryStorageEngine().open(new Topic("t"), 1).toCompletableFuture().join().log(), this.figures);

	@Test
	void whatIsBeingTakenOutMayBeGoneUntilTheLastRequestHasItsOutcome() {
		this.progress.removing(at(5), at(6));
		this.progress.removing(at(2), at(3));
		this.progress.removed();
		assertThat(this.progress.mayBeGone(at(1))).isFalse();
		assertThat(this.progress.mayBeGone(at(2))).isTrue();
		assertThat(this.progress.mayBeGone(at(6))).isTrue();
		assertThat(this.progress.mayBeGone(at(7))).isFalse();
		this.progress.removed();
		assertThat(this.progress.mayBeGone(at(2))).isFalse();
		assertThat(this.progress.mayBeGone(at(6))).isFalse();
	}

	@Test
	void whatIsBeingTrimmedMayBeGone() {
		this.progress.trimming(at(3));
		assertThat(this.progress.mayBeGone(at(2))).isTrue();
		assertThat(this.progress.mayBeGone(at(3))).isFalse();
		this.progress.trimmed(at(2));
		assertThat(this.progress.first()).isEqualTo(at(2));
		assertThat(this.progress.mayBeGone(at(2))).as("less than was asked for is gone").isFalse();
	}

	@Test
	void sizeMustBeWithoutWhatIsGone() {
		this.progress.stored(at(0), 2, 100);
		this.progress.stored(at(1), 3, 200);
		assertThat(this.figures.size()).isEqualTo(300);
		this.progress.trimmed(new Extent(2, 100));
		assertThat(this.figures.size()).isEqualTo(200);
		assertThat(this.progress.isGoneKnown()).isFalse();
		this.progress.goneKnown(50);
		assertThat(this.progress.isGoneKnown()).isTrue();
		assertThat(this.progress.bytes()).isEqualTo(150);
		assertThat(this.figures.size()).isEqualTo(150);
		this.progress.gone(1_000);
		assertThat(this.progress.bytes()).as("never less than nothing").isZero();
		assertThat(this.figures.size()).isZero();
		this.progress.gone(20);
		assertThat(this.figures.size()).isEqualTo(180);
		this.progress.close();
		assertThat(this.figures.size()).isZero();
		assertThat(this.progress.nextOrdinal()).isEqualTo(5);
	}

	@Test
	void whatComesAndGoesMustBeCountedForTheTopicAndForAll() {
		this.progress.stored(at(0), 2, 100);
		this.progress.stored(at(1), 3, 200);
		this.progress.delivered(4, 250);
		this.progress.delivered(1, 50);
		assertThat(this.progress.snapshot()).isEqualTo(new TopicSnapshot.Traffic(5, 300, 5, 300));
		assertThat(this.figures.messagesIn()).isEqualTo(5);
		assertThat(this.figures.bytesIn()).isEqualTo(300);
		assertThat(this.figures.messagesOut()).isEqualTo(5);
		assertThat(this.figures.bytesOut()).isEqualTo(300);
	}

	@Test
	void nothingMustBePassedOverOnceTheTopicIsNotCompactedAnyMore() {
		this.progress.superseded().add(new Superseded(at(1), 1, 10));
		assertThat(this.progress.isSuperseded(at(1))).isTrue();
		assertThat(this.progress.keptFrom(at(1))).isEqualTo(at(2));
		this.progress.nothingSuperseded();
		assertThat(this.progress.isSuperseded(at(1))).isFalse();
		assertThat(this.progress.keptFrom(at(1))).isEqualTo(at(1));
	}

	private static Position at(long entry) {
		return new Position(0, entry);
	}

}
