package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Policies;
import io.weir.message.Topic;

import static org.assertj.core.api.Assertions.assertThat;

class PolicyChangesTest {

	private static final Topic TOPIC = new Topic("t");

	private final List<CompletableFuture<Policies>> reads = new ArrayList<>();

	private final List<Policies> found = new ArrayList<>();

	private final PolicyChanges changes = new PolicyChanges((topic) -> {
		CompletableFuture<Policies> read = new CompletableFuture<>();
		this.reads.add(read);
		return read;
	}, (topic, policies) -> this.found.add(policies));

	@Test
	void readThatBeganEarlierMustNotHaveTheLastWord() {
		this.changes.changed(TOPIC);
		this.changes.changed(TOPIC);
		this.changes.changed(TOPIC);
		assertThat(this.reads).hasSize(1);
		this.reads.get(0).complete(Policies.none());
		assertThat(this.reads).hasSize(2);
		this.reads.get(1).complete(Policies.none());
		assertThat(this.reads).hasSize(2);
		assertThat(this.found).hasSize(2);
	}

	@Test
	void topicsMustNotWaitForEachOther() {
		this.changes.changed(TOPIC);
		this.changes.changed(new Topic("other"));
		assertThat(this.reads).hasSize(2);
	}

	@Test
	void readThatFailsMustBeFollowedByTheNext() {
		this.changes.changed(TOPIC);
		this.changes.changed(TOPIC);
		this.reads.get(0).completeExceptionally(new IllegalStateException("by the test"));
		this.reads.get(1).complete(Policies.none());
		assertThat(this.found).containsExactly(Policies.none());
		this.changes.changed(TOPIC);
		assertThat(this.reads).hasSize(3);
	}

}
