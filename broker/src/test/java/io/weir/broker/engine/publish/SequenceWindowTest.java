package io.weir.broker.engine.publish;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.publish.SequenceWindow.Verdict;
import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What a topic remembers of what a producer has sent. */
class SequenceWindowTest {

	private static final ReplyTo SENDER = new ReplyTo(1, 1);

	private static final ReplyTo AGAIN = new ReplyTo(1, 2);

	private final SequenceWindow window = new SequenceWindow();

	@Test
	void batchThatWasNotStoredMustBeAsIfItHadNeverCome() {
		this.window.begin(0, 3, SENDER);
		this.window.join(0, AGAIN);
		assertThat(this.window.check(0, 3)).isEqualTo(Verdict.PENDING);
		assertThat(this.window.failed(0)).containsExactly(SENDER, AGAIN);
		assertThat(this.window.hasPending()).isFalse();
		assertThat(this.window.check(0, 3)).isEqualTo(Verdict.NEW);
		assertThat(this.window.highestStored()).isEqualTo(-1);
	}

	@Test
	void batchMustBeRegroupedByNobody() {
		store(10, 3, 0);
		assertThat(this.window.check(10, 3)).isEqualTo(Verdict.STORED);
		assertThat(this.window.check(10, 2)).isEqualTo(Verdict.OVERLAPPING);
		assertThat(this.window.check(8, 3)).isEqualTo(Verdict.OVERLAPPING);
		assertThat(this.window.check(12, 3)).isEqualTo(Verdict.OVERLAPPING);
		assertThat(this.window.check(8, 2)).isEqualTo(Verdict.NEW);
		assertThat(this.window.check(13, 1)).isEqualTo(Verdict.NEW);
	}

	@Test
	void placesMustBeForgottenOfWhatNoProducerSendsAgain() {
		store(0, 1, 0);
		store(1, 1, 1);
		store(Limits.MAX_IN_FLIGHT, 1, 2);
		assertThat(this.window.positionOf(0)).as("as old as the window is long").isNull();
		assertThat(this.window.positionOf(1)).isEqualTo(new Position(0, 1));
		assertThat(this.window.check(0, 1)).as("it is known all the same that it was stored").isEqualTo(Verdict.STORED);
	}

	@Test
	void recoveredWindowMustRememberTheSame() {
		SequenceWindow recovered = SequenceWindow
			.of(List.of(new StoredBatch(0, 1, new Position(0, 0)), new StoredBatch(1, 1, new Position(0, 1)),
					new StoredBatch(Limits.MAX_IN_FLIGHT, 1, new Position(0, 2))));
		assertThat(recovered.positionOf(0)).isNull();
		assertThat(recovered.positionOf(1)).isEqualTo(new Position(0, 1));
		assertThat(recovered.highestStored()).isEqualTo(Limits.MAX_IN_FLIGHT);
		assertThat(recovered.hasPending()).isFalse();
	}

	private void store(long firstSequence, int count, long entry) {
		this.window.begin(firstSequence, count, SENDER);
		assertThat(this.window.hasPending()).isTrue();
		assertThat(this.window.stored(firstSequence, new Position(0, entry))).containsExactly(SENDER);
	}

}
