package io.weir.broker.engine.topic;

import java.util.Set;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Storing;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What readers find of a topic while it is compacted, and afterwards. */
class CompactedReadersTest extends CompactionFixture {

	@Test
	void readerMustGoOnThoughWhatItHasReadIsGone() {
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
		this.topic.read(FIRST, "reader");
		this.topic.flow(FIRST, 1);
		assertThat(this.topic.peek(FIRST)).hasSize(1);
		publish("a", "3");
		compact();
		assertThat(kept()).containsExactly(2, 3);
		this.topic.flow(FIRST, 100);
		assertThat(this.topic.peek(FIRST)).extracting((deliver) -> deliver.entry().position().entry())
			.containsExactly(0L, 2L, 3L);
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).isEmpty();
	}

	@Test
	void readUnderWayWhileItsFirstEntryGoesMustNotBeTakenForDamage() {
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
		publish("c", "1");
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		this.topic.storeNext();
		this.topic.read(FIRST, "reader");
		this.topic.flow(FIRST, 100);
		this.topic.releaseStorage();
		assertThat(this.topic.peek(FIRST)).extracting((deliver) -> deliver.entry().position().entry())
			.containsExactly(1L, 2L, 3L);
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).isEmpty();
	}

	@Test
	void readThatOvertakesTheNewsThatItsEntryIsGoneMustNotBeTakenForDamage() {
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
		this.topic.read(FIRST, "reader");
		this.topic.flow(FIRST, 1);
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		this.topic.storeNext();
		this.topic.negativeAcknowledge(FIRST, id(0));
		this.topic.flow(FIRST, 100);
		Storing remove = this.topic.underWay().removeFirst();
		assertThat(remove).isInstanceOf(Compacting.RemoveSuperseded.class);
		this.topic.log().remove(Set.of(new Position(0, 0)));
		this.topic.storeNext();
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).isEmpty();
		this.topic.underWay().addFirst(remove);
		this.topic.releaseStorage();
		assertThat(this.topic.peek(FIRST)).extracting((deliver) -> deliver.entry().position().entry())
			.containsExactly(0L, 1L, 2L);
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).isEmpty();
	}

	@Test
	void readerOfTheCompactedViewMustPassOverWhatIsKeptForOthers() {
		this.topic.consume(SECOND, "s", 100);
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
		publish("a", "3");
		publish("b", "2");
		compact();
		assertThat(kept()).containsExactly(0, 1, 2, 3, 4);
		this.topic.readCompacted(FIRST, "compacted");
		this.topic.flow(FIRST, 100);
		long end = this.topic.awaitEnd(FIRST);
		assertThat(this.topic.peek(FIRST)).extracting((deliver) -> deliver.entry().position().entry())
			.containsExactly(3L, 4L);
		assertDone(end);
		publish("b", "3");
		assertThat(this.topic.peek(FIRST)).as("and is given what comes").hasSize(3);
		this.topic.read(new Peer(4, 1), "all");
		this.topic.flow(new Peer(4, 1), 100);
		assertThat(this.topic.peek(new Peer(4, 1))).hasSize(6);
	}

	@Test
	void readerOfTheCompactedViewMustPassOverWhatIsReadWithTheRest() {
		this.topic.consume(SECOND, "s", 100);
		publish("b", "1");
		publish("a", "1");
		publish("a", "2");
		compact();
		assertThat(kept()).containsExactly(0, 1, 2);
		this.topic.readCompacted(FIRST, "compacted");
		this.topic.flow(FIRST, 100);
		assertThat(this.topic.peek(FIRST)).extracting((deliver) -> deliver.entry().position().entry())
			.containsExactly(0L, 2L);
		this.topic.acknowledge(FIRST, id(0), id(2));
		assertThat(this.topic.subscription("compacted").backlog()).isZero();
	}

	@Test
	void readerMustHaveNoBacklogOfWhatIsGone() {
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
		this.topic.read(FIRST, "reader");
		this.topic.flow(FIRST, 1);
		assertThat(this.topic.subscription("reader").backlog()).isEqualTo(3);
		compact();
		assertThat(kept()).containsExactly(1, 2);
		assertThat(this.topic.subscription("reader").backlog()).isEqualTo(2);
	}

}
