package io.weir.broker.engine.dispatch;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.ErrorText;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/** What dead letters say, and that their targets need not remember them for ever. */
class DeadLetterNamesTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final RedeliveryPolicy TWICE = new RedeliveryPolicy(0, BackoffRule.NONE, 2, "dead");

	@BeforeEach
	void publishTwo() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(1, 2);
	}

	@Test
	void targetMustForgetAnEntryOfASubscriptionThatIsNotDurableWhenAllOfItIsAcknowledged() {
		read();
		this.topic.giveUp(CONSUMER, id(0, 0), "no");
		assertThat(forgotten()).as("the other message may follow").isEmpty();
		this.topic.acknowledge(CONSUMER, id(0, 1));
		assertThat(forgotten()).containsExactly(id(0).toString());
	}

	@Test
	void targetMustForgetWhatASubscriptionThatIsNotDurableHadForwardedWhenItEnds() {
		read();
		this.topic.giveUp(CONSUMER, id(0, 0), "no");
		this.topic.endSession(CONSUMER.session());
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
		assertThat(forgotten()).containsExactly(id(0).toString());
	}

	@Test
	void targetMustForgetWhatIsStillOnItsWayWhenTheSubscriptionEnds() {
		read();
		this.topic.holdStorage();
		this.topic.giveUp(CONSUMER, id(0, 0), "no");
		this.topic.endSession(CONSUMER.session());
		assertThat(this.topic.underWay()).as("in this order")
			.hasExactlyElementsOfTypes(Storing.ForwardCopy.class, Storing.ForgetForwarded.class);
		this.topic.releaseStorage();
		assertThat(forgotten()).containsExactly(id(0).toString());
	}

	@Test
	void targetMustRememberACopyUntilItsOwnAcknowledgementIsStoredAndNotAnother() {
		subscribe();
		this.topic.publish(PRODUCER, 2, 1);
		assertThat(sequences(CONSUMER)).containsExactly(2L);
		this.topic.acknowledge(CONSUMER, id(0, 1));
		this.topic.holdStorage();
		this.topic.acknowledge(CONSUMER, id(1));
		Storing other = this.topic.underWay().remove();
		this.topic.giveUp(CONSUMER, id(0, 0), "no");
		this.topic.storeNext();
		this.topic.underWay().addFirst(other);
		this.topic.storeNext();
		assertThat(this.topic.underWay()).hasExactlyElementsOfTypes(Storing.StoreAcknowledgements.class);
		this.topic.releaseStorage();
		assertThat(forgotten()).containsExactly(id(0).toString());
	}

	@Test
	void targetMustForgetWhatAnUnsubscribedSubscriptionHadForwarded() {
		subscribe();
		this.topic.giveUp(CONSUMER, id(0, 0), "no");
		assertThat(forgotten()).isEmpty();
		this.topic.unsubscribe(CONSUMER);
		assertThat(forgotten()).containsExactly(id(0).toString());
	}

	@Test
	void messageOfASubscriptionThatIsMovedBackMayBecomeADeadLetterAgain() {
		subscribe();
		this.topic.giveUp(CONSUMER, id(0, 0), "no");
		this.topic.change("s", new SubscriptionChange.MoveToMessage(id(0)));
		assertThat(forgotten()).containsExactly(id(0).toString());
		assertThat(this.topic.forwarded()).hasSize(1);
	}

	@Test
	void targetMustRememberWhatMayBeForwardedAgainWhenTheTopicIsClosed() {
		subscribe();
		this.topic.giveUp(CONSUMER, id(0, 0), "no");
		this.topic.restart();
		assertThat(forgotten()).isEmpty();
	}

	/** Then only time makes the target forget. */
	@Test
	void nobodyTellsTheTargetOfASubscriptionThatIsNotDurableAndWentWithTheBroker() {
		read();
		this.topic.giveUp(CONSUMER, id(0, 0), "no");
		this.topic.restart();
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
		assertThat(forgotten()).isEmpty();
	}

	@Test
	void whatIsSaidOfAMessageMustBeCutBetweenCharacters() {
		subscribe();
		String smile = Character.toString(0x1F642);
		this.topic.giveUp(CONSUMER, id(0, 0), "x" + smile.repeat(40_000));
		this.topic.giveUp(CONSUMER, id(0, 1), "y".repeat(5_000));
		assertThat(this.topic.forwarded()).extracting((copy) -> copy.headers().get(DeadLetterOrigin.ERROR_HEADER))
			.containsExactly("x" + smile.repeat((ErrorText.MAX_CHARACTERS - 2) / 2),
					"y".repeat(ErrorText.MAX_CHARACTERS));
	}

	private void read() {
		this.topic.read(CONSUMER, "s", TWICE);
		receive();
	}

	private void subscribe() {
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.SHARED, TWICE);
		receive();
	}

	private void receive() {
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).containsExactly(0L, 1L);
	}

	private List<String> forgotten() {
		return this.topic.forgotten().stream().map((forgotten) -> forgotten.source().message(0).toString()).toList();
	}

}
