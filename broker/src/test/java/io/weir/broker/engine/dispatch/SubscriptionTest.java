package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.runtime.TopicHarness;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What consumers may rely on. */
class SubscriptionTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void firstMessageOfTheLogMustBeDelivered() {
		this.topic.consume(FIRST, "s", 10);
		publish(0, 1);
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0, 0), 0, 0));
	}

	@Test
	void earliestMustBeginWithTheOldestAndLatestWithTheNext() {
		publish(0, 3);
		this.topic.consume(FIRST, "earliest", 10);
		this.topic.subscribe(SECOND, "latest", SubscriptionType.EXCLUSIVE, InitialPosition.LATEST);
		this.topic.flow(SECOND, 10);
		publish(3, 1);
		assertThat(sequences(this.topic.deliveries(FIRST))).containsExactly(0L, 1L, 2L, 3L);
		assertThat(sequences(this.topic.deliveries(SECOND))).containsExactly(3L);
	}

	@Test
	void latestMustHoldOnceTheSubscriptionExists() {
		this.topic.subscribe(FIRST, "s", SubscriptionType.EXCLUSIVE, InitialPosition.LATEST);
		this.topic.endSession(FIRST.session());
		publish(0, 2);
		this.topic.restart();
		this.topic.subscribe(SECOND, "s", SubscriptionType.EXCLUSIVE, InitialPosition.LATEST);
		this.topic.flow(SECOND, 10);
		assertThat(sequences(this.topic.deliveries(SECOND))).containsExactly(0L, 1L);
	}

	@Test
	void acknowledgementMustNotTouchOtherSubscriptions() {
		this.topic.consume(FIRST, "a", 10);
		this.topic.consume(SECOND, "b", 10);
		publish(0, 1);
		this.topic.deliveries(SECOND);
		this.topic.acknowledge(FIRST, id(0, 0));
		this.topic.restart();
		this.topic.consume(FIRST, "a", 10);
		this.topic.consume(SECOND, "b", 10);
		assertThat(this.topic.deliveries(FIRST)).isEmpty();
		assertThat(sequences(this.topic.deliveries(SECOND))).containsExactly(0L);
	}

	@Test
	void acknowledgementMustBeAnsweredWhenStored() {
		this.topic.consume(FIRST, "s", 10);
		publish(0, 2);
		this.topic.holdStorage();
		long first = this.topic.acknowledge(FIRST, id(0, 0));
		long second = this.topic.acknowledge(FIRST, id(0, 1));
		long again = this.topic.acknowledge(FIRST, id(0, 0));
		assertThat(this.topic.answer(first)).isNull();
		this.topic.storeNext();
		assertThat(this.topic.answer(first)).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.answer(second)).isNull();
		assertThat(this.topic.answer(again)).isNull();
		this.topic.storeAll();
		assertThat(this.topic.answer(second)).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.answer(again)).isInstanceOf(Effect.Done.class);
	}

	@Test
	void acknowledgementThatWasNotStoredMustBeStoredWithTheRetry() {
		this.topic.consume(FIRST, "s", 10);
		publish(0, 1);
		publish(1, 1);
		this.topic.holdStorage();
		long failed = this.topic.acknowledge(FIRST, id(1, 0));
		this.topic.failNext("disk full");
		assertThat(this.topic.answer(failed)).isInstanceOfSatisfying(Effect.Refused.class,
				(refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_FAILED));
		this.topic.releaseStorage();
		assertThat(this.topic.answer(this.topic.acknowledge(FIRST, id(1, 0)))).isInstanceOf(Effect.Done.class);
		this.topic.restart();
		this.topic.consume(FIRST, "s", 10);
		assertThat(sequences(this.topic.deliveries(FIRST))).containsExactly(0L);
	}

	@Test
	void lateOrUnknownAcknowledgementMustBeAnsweredOk() {
		this.topic.consume(FIRST, "s", 10);
		publish(0, 1);
		this.topic.acknowledge(FIRST, id(0, 0));
		assertThat(this.topic.answer(this.topic.acknowledge(FIRST, id(0, 0)))).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.answer(this.topic.acknowledge(FIRST, id(77, 0)))).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.answer(this.topic.acknowledge(FIRST, id(0, 900)))).isInstanceOf(Effect.Done.class);
		assertThat(this.topic.answer(this.topic.acknowledge(FIRST, new Position(8, 3).message(0))))
			.isInstanceOf(Effect.Done.class);
		publish(1, 1);
		assertThat(sequences(this.topic.deliveries(FIRST))).containsExactly(0L, 1L);
	}

	@Test
	void acknowledgementOfWhatAnEarlierLifeDeliveredMustCount() {
		publish(0, 2);
		this.topic.consume(FIRST, "s", 10);
		this.topic.deliveries(FIRST);
		this.topic.restart();
		this.topic.subscribe(FIRST, "s", SubscriptionType.EXCLUSIVE, InitialPosition.LATEST);
		this.topic.acknowledge(FIRST, id(0, 0));
		this.topic.flow(FIRST, 10);
		assertThat(sequences(this.topic.deliveries(FIRST))).containsExactly(1L);
	}

	@Test
	void twentyThousandHolesMustSurviveARestart() {
		int messages = 40_000;
		IntStream.range(0, messages).forEach((i) -> publish(i, 1));
		this.topic.consume(FIRST, "s", messages);
		List<Delivery> delivered = new ArrayList<>(this.topic.deliveries(FIRST));
		assertThat(delivered).hasSize(messages);
		List<MessageId> odd = delivered.stream()
			.filter((delivery) -> delivery.sequence() % 2 == 1)
			.map(Delivery::id)
			.toList();
		for (int i = 0; i < odd.size(); i += 5_000) {
			this.topic.acknowledge(FIRST, odd.subList(i, i + 5_000));
		}
		this.topic.restart();
		this.topic.consume(FIRST, "s", messages);
		assertThat(sequences(this.topic.deliveries(FIRST)))
			.containsExactlyElementsOf(LongStream.range(0, messages).filter((i) -> i % 2 == 0).boxed().toList());
	}

	@Test
	void equalSubscriptionNamesOnTwoTopicsMustBeTwoSubscriptions() {
		TopicHarness other = new TopicHarness("other");
		other.openProducer(PRODUCER, "p");
		other.publish(PRODUCER, 0, 1);
		other.consume(FIRST, "s", 10);
		publish(0, 1);
		this.topic.consume(FIRST, "s", 10);
		this.topic.deliveries(FIRST);
		this.topic.acknowledge(FIRST, id(0, 0));
		assertThat(other.subscription("s").backlog()).isOne();
		assertThat(other.deliveries(FIRST)).hasSize(1);
		assertThat(other.close()).isZero();
	}

	@Test
	void permitsMustBeReplenishedNotReset() {
		this.topic.consume(FIRST, "s", 1000);
		int received = 0;
		for (int i = 0; i < 5000; i++) {
			publish(i, 1);
			int fresh = this.topic.deliveries(FIRST).size();
			received += fresh;
			if (fresh > 0) {
				this.topic.flow(FIRST, fresh);
			}
		}
		assertThat(received).isEqualTo(5000);
		assertThat(this.topic.subscription("s").consumers().get(0).permits()).isEqualTo(1000);
	}

	@Test
	void permitsWithoutEndMustStayWithoutEnd() {
		this.topic.consume(FIRST, "s", Integer.MAX_VALUE);
		this.topic.flow(FIRST, Integer.MAX_VALUE);
		publish(0, 3);
		assertThat(this.topic.deliveries(FIRST)).hasSize(3);
	}

	@Test
	void slowNetworkMustHoldDeliveriesBackWhateverThePermits() {
		this.topic.consume(FIRST, "s", 1_000_000);
		int perEntry = Limits.MAX_BATCH_MESSAGES;
		for (int i = 0; i < 24; i++) {
			publish((long) i * perEntry, perEntry);
		}
		int bytes = this.topic.bytesDelivered(FIRST);
		assertThat(bytes).isBetween(SubscriptionConsumer.MAX_UNWRITTEN_BYTES,
				SubscriptionConsumer.MAX_UNWRITTEN_BYTES + perEntry * Long.BYTES);
		int received = 0;
		for (List<Delivery> more = this.topic.deliveries(FIRST); !more.isEmpty();) {
			received += more.size();
			more = this.topic.deliveries(FIRST);
		}
		assertThat(received).isEqualTo(24 * perEntry);
	}

	@Test
	void disconnectMustRedeliverInOrderAndBeforeWhatIsNew() {
		this.topic.consume(FIRST, "s", 5);
		IntStream.range(0, 8).forEach((i) -> publish(i, 1));
		this.topic.acknowledge(FIRST, id(1, 0), id(3, 0));
		this.topic.deliveries(FIRST);
		this.topic.endSession(FIRST.session());
		this.topic.consume(SECOND, "s", 100);
		List<Delivery> again = this.topic.deliveries(SECOND);
		assertThat(sequences(again)).containsExactly(0L, 2L, 4L, 5L, 6L, 7L);
		assertThat(again).extracting(Delivery::redeliveryCount).containsExactly(1, 1, 1, 0, 0, 0);
	}

	@Test
	void negativeAcknowledgementMustRedeliverTheLowestFirst() {
		this.topic.consume(FIRST, "s", 4);
		IntStream.range(0, 6).forEach((i) -> publish(i, 1));
		this.topic.deliveries(FIRST);
		this.topic.negativeAcknowledge(FIRST, id(2, 0), id(0, 0));
		assertThat(this.topic.deliveries(FIRST)).isEmpty();
		this.topic.flow(FIRST, 4);
		List<Delivery> again = this.topic.deliveries(FIRST);
		assertThat(sequences(again)).containsExactly(0L, 2L, 4L, 5L);
		assertThat(again).extracting(Delivery::redeliveryCount).containsExactly(1, 1, 0, 0);
	}

	@Test
	void messageGivenBackMustComeAloneAndNotWithItsBatch() {
		this.topic.share(FIRST, "s", 100);
		publish(0, 5);
		this.topic.share(SECOND, "s", 100);
		assertThat(this.topic.deliveries(FIRST)).hasSize(5);
		this.topic.acknowledge(FIRST, id(0, 0));
		this.topic.negativeAcknowledge(FIRST, id(0, 3));
		List<Delivery> again = new ArrayList<>(this.topic.deliveries(FIRST));
		again.addAll(this.topic.deliveries(SECOND));
		assertThat(again).containsExactly(new Delivery(id(0, 3), 3, 1));
	}

	@Test
	void sharedConsumersMustTakeTurns() {
		this.topic.share(FIRST, "s", 100);
		this.topic.share(SECOND, "s", 100);
		IntStream.range(0, 6).forEach((i) -> publish(i, 1));
		assertThat(sequences(this.topic.deliveries(FIRST))).containsExactly(0L, 2L, 4L);
		assertThat(sequences(this.topic.deliveries(SECOND))).containsExactly(1L, 3L, 5L);
	}

	@Test
	void consumerWithoutPermitsMustHoldNobodyBack() {
		this.topic.share(FIRST, "s", 1);
		this.topic.share(SECOND, "s", 100);
		IntStream.range(0, 6).forEach((i) -> publish(i, 1));
		assertThat(sequences(this.topic.deliveries(FIRST))).containsExactly(0L);
		assertThat(this.topic.deliveries(SECOND)).hasSize(5);
	}

	@Test
	void exclusiveSubscriptionMustRefuseASecondConsumer() {
		this.topic.consume(FIRST, "s", 1);
		assertRefused(this.topic.subscribe(SECOND, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST),
				ErrorCode.SUBSCRIPTION_BUSY, "EXCLUSIVE");
		assertRefused(this.topic.subscribe(SECOND, "s", SubscriptionType.SHARED, InitialPosition.EARLIEST),
				ErrorCode.SUBSCRIPTION_TYPE_MISMATCH, "EXCLUSIVE");
	}

	@Test
	void closedConsumerMustGetNothingMore() {
		this.topic.consume(FIRST, "s", 10);
		this.topic.handle(new Command.CloseConsumer(new ReplyTo(FIRST.session(), 1000), FIRST));
		assertThat(this.topic.answer(1000)).isInstanceOf(Effect.Done.class);
		publish(0, 1);
		assertThat(this.topic.deliveries(FIRST)).isEmpty();
		assertRefused(this.topic.acknowledge(FIRST, id(0, 0)), ErrorCode.UNKNOWN_CONSUMER, "1");
	}

	@Test
	void subscriptionThatCannotBeStoredMustBeRefused() {
		this.topic.holdStorage();
		long first = this.topic.subscribe(FIRST, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		assertThat(this.topic.answer(first)).isNull();
		this.topic.failNext("disk full");
		assertRefused(first, ErrorCode.STORAGE_FAILED, "disk full");
		this.topic.releaseStorage();
		assertThat(this.topic
			.answer(this.topic.subscribe(FIRST, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST)))
			.isInstanceOf(Effect.Done.class);
	}

	@Test
	void permitsGrantedBeforeTheSubscriptionIsStoredMustCount() {
		publish(0, 1);
		this.topic.holdStorage();
		this.topic.consume(FIRST, "s", 10);
		this.topic.releaseStorage();
		assertThat(this.topic.deliveries(FIRST)).hasSize(1);
	}

	@Test
	void consumersMustBeToldWhenTheLogCannotBeRead() {
		publish(0, 1);
		this.topic.subscribe(FIRST, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		this.topic.holdStorage();
		this.topic.flow(FIRST, 1);
		this.topic.failNext("damaged");
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).singleElement()
			.satisfies((closed) -> assertThat(closed.code()).isEqualTo(ErrorCode.STORAGE_FAILED));
		this.topic.releaseStorage();
		this.topic.consume(FIRST, "s", 1);
		assertThat(this.topic.deliveries(FIRST)).hasSize(1);
	}

	@Test
	void backlogMustCountWhatIsStoredAndNotAcknowledged() {
		publish(0, 10);
		publish(10, 10);
		this.topic.consume(FIRST, "s", 10);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(20);
		assertThat(this.topic.subscription("s").inFlight()).isEqualTo(10);
		this.topic.acknowledge(FIRST, id(0, 0), id(0, 1), id(1, 5));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(17);
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(17);
	}

	private void publish(long firstSequence, int count) {
		this.topic.publish(PRODUCER, firstSequence, count);
	}

	private static List<Long> sequences(List<Delivery> deliveries) {
		return deliveries.stream().map(Delivery::sequence).toList();
	}

}
