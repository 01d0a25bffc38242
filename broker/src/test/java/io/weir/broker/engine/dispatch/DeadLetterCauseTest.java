package io.weir.broker.engine.dispatch;

import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.DeadLetterCause;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.FailureReport;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** What dead letters say that their application failed with. */
class DeadLetterCauseTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	@Test
	void deadLetterMustSayWhatItsApplicationFailedWithUnlessVeryManyWait() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(1, 300);
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED,
				new RedeliveryPolicy(0, BackoffRule.NONE, 2, "dead"));
		this.topic.flow(CONSUMER, 300);
		sequences(CONSUMER);
		this.topic.holdStorage();
		FailureReport report = FailureReport.of(new IllegalStateException("no"), true);
		List<MessageId> ids = IntStream.range(0, 300).mapToObj((index) -> id(0, index)).toList();
		this.topic.handle(new Command.NegativeAcknowledge(CONSUMER, ids, -1, true, report));
		this.topic.releaseStorage();
		List<@Nullable DeadLetterCause> causes = this.topic.forwarded()
			.stream()
			.map((copy) -> DeadLetterCause.of(copy.headers()))
			.toList();
		assertThat(causes).hasSize(300);
		assertThat(causes.subList(0, DeadLetters.MAX_CAUSES)).containsOnly(report.cause());
		assertThat(causes.subList(DeadLetters.MAX_CAUSES, 300)).containsOnlyNulls();
		assertThat(this.topic.forwarded())
			.allSatisfy((copy) -> assertThat(copy.headers().get(DeadLetterOrigin.ERROR_HEADER))
				.isEqualTo("java.lang.IllegalStateException: no"));
	}

}
