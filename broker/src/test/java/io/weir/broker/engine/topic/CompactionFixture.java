package io.weir.broker.engine.topic;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.store.Entry;

import static org.assertj.core.api.Assertions.assertThat;

/** A topic that is compacted, and what is often done with it. */
abstract class CompactionFixture extends TopicFixture {

	static final Peer FIRST = new Peer(2, 1);

	static final Peer SECOND = new Peer(3, 1);

	static final Duration INTERVAL = Duration.ofMillis(Retention.INTERVAL_MILLIS);

	static final Duration PAUSE = Duration.ofMillis(Compaction.PAUSE_MILLIS);

	static final Duration DAY = Duration.ofMillis(Compaction.LONGEST_MILLIS);

	long sequence;

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.setPolicies(compaction(true, new Policies.Retention(false, 0, 0)));
	}

	/** What has happened is looked at, and all that follows from it is done. */
	void compact() {
		this.topic.advance(INTERVAL);
		for (int i = 0; i < 10; i++) {
			this.topic.advance(PAUSE);
		}
	}

	void publish(@Nullable String... keysAndValues) {
		this.topic.publishKeyed(PRODUCER, this.sequence, keysAndValues);
		this.sequence += keysAndValues.length / 2;
	}

	List<Integer> kept() {
		return this.topic.stored().stream().map((entry) -> (int) entry.position().entry()).toList();
	}

	long bytesKept() {
		return this.topic.stored().stream().map(Entry::batch).mapToLong((batch) -> batch.readableBytes()).sum();
	}

	TopicSnapshot.Compaction compaction() {
		TopicSnapshot.Compaction compaction = this.topic.snapshot().space().compaction();
		assertThat(compaction).isNotNull();
		return compaction;
	}

	static Policies compaction(boolean compaction, Policies.Retention retention) {
		return new Policies(retention, Policies.UNLIMITED, Policies.UNLIMITED, BacklogQuotaPolicy.REFUSE, compaction,
				Policies.UNLIMITED, Policies.OfSubscription.NONE, Map.of());
	}

}
