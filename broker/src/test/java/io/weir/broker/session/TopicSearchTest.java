package io.weir.broker.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.security.Authorization;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

class TopicSearchTest {

	private final Budgets budgets = new Budgets((limit) -> 1024 * 1024);

	private final Budget incoming = this.budgets.of(BrokerLimit.INCOMING_MEMORY);

	private final Credit credit = new Credit(Runnable::run, this.budgets);

	private final List<CompletableFuture<Authorization>> decisions = new ArrayList<>();

	private final TopicSearch search = new TopicSearch((prefix, after, limit) -> Stream.of("a", "b", "b#1")
		.filter((name) -> name.startsWith(prefix) && name.compareTo(after) > 0)
		.toList(), (principal, operation) -> {
			CompletableFuture<Authorization> decision = new CompletableFuture<>();
			this.decisions.add(decision);
			return decision;
		}, this.credit);

	private final FakeStream stream = new FakeStream(4);

	@AfterEach
	void nothingMustBeHeldOfTheCredit() {
		assertThat(this.incoming.used()).isZero();
	}

	private void find() {
		this.search.find(() -> "alice", this.stream, 1, new Frame.FindTopics("*", "s", ""));
	}

	@Test
	void onlyWhatMayBeConsumedIsFound() {
		find();
		this.decisions.get(0).complete(new Authorization.Denied("not hers"));
		this.decisions.get(1).complete(new Authorization.Granted());
		assertThat(this.stream.said()).containsExactly(new Frame.Topics(List.of("b"), null));
	}

	@Test
	void topicOfWhichItCannotBeDecidedIsNotTakenForGone() {
		find();
		this.decisions.get(0).complete(new Authorization.Granted());
		this.decisions.get(1).completeExceptionally(new IllegalStateException("by the test"));
		assertThat(this.stream.said()).singleElement().isInstanceOfSatisfying(Frame.ErrorReply.class, (error) -> {
			assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
			assertThat(error.message()).contains("'alice'", "try again");
		});
	}

	@Test
	void searchesThatAreNotAnsweredHoldTheClientBack() {
		this.credit.add(this.stream);
		for (int i = 0; i < 100; i++) {
			find();
		}
		assertThat(this.stream.isReading()).isFalse();
		this.decisions.forEach((decision) -> decision.complete(new Authorization.Granted()));
		assertThat(this.stream.isReading()).isTrue();
		assertThat(this.stream.said()).hasSize(100);
	}

}
