package io.weir.broker.engine.subscription;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What is asked of a subscription while it is created, moved and deleted. */
class SubscriptionStatesTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	private static final StorageFailure GONE = new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "the log is gone");

	@BeforeEach
	void publishTwo() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(2, 1);
	}

	@Test
	void stateMustSayWhatACommandMeets() {
		ReplyTo to = new ReplyTo(2, 1);
		SubscriptionChange delete = new SubscriptionChange.Delete();
		List<Command> changes = List.of(new Command.ChangeOwn(to, FIRST, new SubscriptionChange.MoveToMessage(id(0))),
				new Command.ChangeOwn(to, FIRST, new SubscriptionChange.MoveToTime(0)),
				new Command.ChangeOwn(to, FIRST, delete), new Command.ChangeSubscription(to, "s", delete));
		Command.Subscribe subscribe = new Command.Subscribe(to, SECOND, "s", SubscriptionType.SHARED,
				InitialPosition.EARLIEST, "c", true, ConsumerInstance.once());
		Command.Acknowledge acknowledge = new Command.Acknowledge(to, FIRST, List.of(id(0)));
		SubscriptionState active = SubscriptionState.Active.ACTIVE;
		SubscriptionState moving = new SubscriptionState.Moving(to, FIRST, new SubscriptionChange.MoveToTime(0));
		SubscriptionState deleting = new SubscriptionState.Deleting(to, FIRST);
		assertThat(changes).allMatch((change) -> active.refusal(change) == null)
			.allMatch((change) -> moving.refusal(change) != null)
			.allMatch((change) -> deleting.refusal(change) != null);
		assertThat(List.of(active, moving, deleting)).extracting((state) -> state.refusal(subscribe))
			.containsExactly(null, null, "is being removed");
		assertThat(List.of(active, moving, deleting)).extracting((state) -> state.refusal(acknowledge))
			.containsOnlyNulls();
		assertThat(List.of(new SubscriptionState.Creating(), active, moving, deleting))
			.extracting(SubscriptionState::delivers)
			.containsExactly(false, true, false, true);
	}

	@Test
	void whatWaitsForASubscriptionMustBeHandledInOrderWhenItIsStored() {
		this.topic.holdStorage();
		long subscribed = this.topic.subscribe(FIRST, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		this.topic.flow(FIRST, 10);
		long refused = this.topic.subscribe(SECOND, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		long sought = this.topic.seek(FIRST, id(1));
		assertThat(this.topic.answer(subscribed)).isNull();
		this.topic.releaseStorage();
		assertThat(this.topic.answer(subscribed)).isInstanceOf(Effect.Done.class);
		assertRefused(refused, ErrorCode.SUBSCRIPTION_BUSY);
		assertThat(this.topic.answer(sought)).isInstanceOf(Effect.Done.class);
		this.topic.deliveries(FIRST);
		this.topic.flow(FIRST, 10);
		assertThat(this.topic.deliveries(FIRST)).extracting(Delivery::sequence).containsExactly(1L);
	}

	@Test
	void whoWaitsForASubscriptionMustComeAgainWhenTheLogIsLost() {
		this.topic.holdStorage();
		long request = this.topic.subscribe(FIRST, "s", SubscriptionType.SHARED, InitialPosition.EARLIEST);
		this.topic.handle(new Command.LogLost(GONE));
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(GONE.code());
			assertThat(refused.consumer()).isEqualTo(FIRST);
		});
		this.topic.releaseStorage();
		assertThat(this.topic.subscription("s").consumers()).isEmpty();
	}

	@Test
	void subscriptionThatCannotBeStoredMustLeaveNothing() {
		this.topic.holdStorage();
		long request = this.topic.subscribe(FIRST, "s", SubscriptionType.SHARED, InitialPosition.EARLIEST);
		Storing create = this.topic.underWay().remove();
		this.topic.publish(PRODUCER, 2, 1);
		this.topic.storeAll();
		this.topic.underWay().add(create);
		this.topic.failNext("disk full");
		this.topic.releaseStorage();
		assertRefused(request, ErrorCode.STORAGE_FAILED);
		assertThat(this.topic.snapshot().subscriptions()).isEmpty();
		assertThat(this.topic.figures().backlog()).isZero();
	}

	@Test
	void placeThatIsNotOfTheTopicMustNotStopTheSubscription() {
		this.topic.consume(FIRST, "s", 10);
		this.topic.deliveries(FIRST);
		MessageId elsewhere = MessageIds.unknown();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.topic.seek(FIRST, elsewhere));
		assertThat(this.topic.answer(this.topic.seek(FIRST, id(1)))).isInstanceOf(Effect.Done.class);
		this.topic.flow(FIRST, 10);
		assertThat(this.topic.deliveries(FIRST)).extracting(Delivery::sequence).containsExactly(1L);
	}

}
