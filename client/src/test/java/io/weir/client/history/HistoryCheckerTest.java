package io.weir.client.history;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.client.Ordering;
import io.weir.message.MessageId;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** Each planted violation must be found, and by its own rule only. */
class HistoryCheckerTest {

	private static final long BOUND = 1000;

	private final List<Event> history = new ArrayList<>();

	@ParameterizedTest
	@EnumSource(Ordering.class)
	void flawlessHistoryHasNoViolation(Ordering ordering) {
		flawless(ordering);
		assertThat(HistoryChecker.check(this.history, BOUND)).isEmpty();
	}

	@Test
	void confirmedMessageThatIsNotStoredIsLost() {
		flawless(Ordering.ORDERED);
		this.history.removeIf((event) -> event instanceof Event.Stored stored && stored.message().number() == 1);
		assertViolation("lost: p#1");
	}

	@Test
	void messageStoredTwiceIsADuplicate() {
		flawless(Ordering.UNORDERED);
		this.history.add(new Event.Stored(message(Ordering.UNORDERED, 2), id(2)));
		assertViolation("duplicate: p#2");
	}

	@Test
	void messageStoredElsewhereIsMisplaced() {
		flawless(Ordering.ORDERED);
		this.history.add(2, new Event.Confirmed(message(Ordering.ORDERED, 0), id(9)));
		this.history.remove(1);
		assertViolation("misplaced: p#0");
	}

	@Test
	void messageThatNobodySentIsInvented() {
		flawless(Ordering.ORDERED);
		this.history.removeIf((event) -> event instanceof Event.Sending sending && sending.message().number() == 2);
		assertThat(HistoryChecker.check(this.history, BOUND)).hasSize(2)
			.allMatch((violation) -> violation.startsWith("invented: nobody sent p#2"));
	}

	@Test
	void orderedProducerThatIsStoredOutOfOrderIsFound() {
		flawless(Ordering.ORDERED);
		swapLast();
		assertViolation("order: p#1 comes after number 2 of p in log");
	}

	@Test
	void keysThatAreStoredOutOfOrderAreFound() {
		flawless(Ordering.KEY_ORDERED);
		swapLast();
		assertViolation("order: p#1 comes after number 2 of p/k in log");
	}

	@Test
	void unorderedProducerMayBeStoredInAnyOrder() {
		flawless(Ordering.UNORDERED);
		swapLast();
		assertThat(HistoryChecker.check(this.history, BOUND)).isEmpty();
	}

	@Test
	void receptionOutOfOrderIsFoundOnAnOrderedSubscription() {
		flawless(Ordering.ORDERED);
		this.history.add(new Event.Subscribed("s", Event.Order.ALL, 2));
		received(2, 1);
		received(2, 0);
		this.history.removeIf(Event.Acknowledged.class::isInstance);
		assertViolation("order: p#0 comes after number 1 of p in consumer 2");
	}

	@Test
	void receptionOutOfOrderIsAllowedOnASharedSubscription() {
		flawless(Ordering.ORDERED);
		this.history.add(new Event.Subscribed("s", Event.Order.NONE, 2));
		received(2, 1);
		received(2, 0);
		this.history.removeIf(Event.Acknowledged.class::isInstance);
		assertThat(HistoryChecker.check(this.history, BOUND)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "ORDERED", "KEY_ORDERED" })
	void firstReceptionsOfAKeyOutOfOrderAreFoundOnAKeySharedSubscription(Ordering ordering) {
		flawless(ordering);
		keyShared();
		receivedByKey(message(ordering, 1), 1);
		receivedByKey(message(ordering, 0), 0);
		receivedByKey(message(ordering, 2), 2);
		assertViolation("order: p#0 comes after number 1 of p/k in consumer 2");
	}

	@Test
	void otherKeysAreNotInOrderOnAKeySharedSubscription() {
		flawless(Ordering.ORDERED);
		keyShared();
		Event.Sent other = new Event.Sent("p", Ordering.ORDERED, "other", 3);
		this.history.add(0, new Event.Sending(other));
		this.history.add(new Event.Stored(other, id(3)));
		this.history.add(new Event.Received("s", 1, other, id(3)));
		receivedByKey(other, 3);
		for (int i = 0; i < 3; i++) {
			receivedByKey(message(Ordering.ORDERED, i), i);
		}
		assertThat(HistoryChecker.check(this.history, BOUND)).isEmpty();
	}

	/**
	 * It was with another consumer, which went: then it comes after what was delivered.
	 */
	@Test
	void messageThatComesAgainMayBeLateOnAKeySharedSubscription() {
		flawless(Ordering.ORDERED);
		keyShared();
		this.history.add(new Event.Subscribed("k", Event.Order.OF_A_KEY, 3));
		this.history.add(new Event.Received("k", 3, message(Ordering.ORDERED, 0), id(0)));
		receivedByKey(message(Ordering.ORDERED, 1), 1);
		receivedByKey(message(Ordering.ORDERED, 0), 0);
		receivedByKey(message(Ordering.ORDERED, 2), 2);
		assertThat(HistoryChecker.check(this.history, BOUND)).isEmpty();
	}

	@Test
	void messageReceivedTwiceByOneConsumerIsRepeated() {
		flawless(Ordering.UNORDERED);
		received(1, 1);
		assertViolation("repeated: p#1");
	}

	@Test
	void messageGivenBackMayComeAgain() {
		flawless(Ordering.ORDERED);
		this.history.add(new Event.GivenBack(1, id(1)));
		received(1, 1);
		assertThat(HistoryChecker.check(this.history, BOUND)).isEmpty();
	}

	@Test
	void acknowledgedMessageThatComesToALaterConsumerIsRedelivered() {
		flawless(Ordering.ORDERED);
		this.history.add(new Event.Subscribed("s", Event.Order.ALL, 2));
		received(2, 0);
		assertViolation("redelivered: p#0");
	}

	@Test
	void messageWhoseAcknowledgementIsUnresolvedMayComeToALaterConsumer() {
		flawless(Ordering.ORDERED);
		this.history.replaceAll((event) -> (event instanceof Event.Acknowledged ack && ack.id().equals(id(0)))
				? new Event.Unresolved("s", id(0)) : event);
		this.history.add(new Event.Subscribed("s", Event.Order.ALL, 2));
		received(2, 0);
		assertThat(HistoryChecker.check(this.history, BOUND)).isEmpty();
		received(2, 1);
		assertViolation("redelivered: p#1");
	}

	@Test
	void messageThatNeverComesIsUndelivered() {
		flawless(Ordering.ORDERED);
		this.history.removeIf((event) -> event instanceof Event.Received got && got.message().number() == 2);
		assertViolation("undelivered: p#2 never came to s");
	}

	@Test
	void memoryAboveTheBoundIsFound() {
		flawless(Ordering.ORDERED);
		this.history.add(new Event.Memory(BOUND + 1));
		assertViolation("memory: 1001 bytes");
	}

	private void assertViolation(String beginning) {
		assertThat(HistoryChecker.check(this.history, BOUND)).singleElement()
			.satisfies((violation) -> assertThat(violation).startsWith(beginning));
	}

	private void swapLast() {
		int end = this.history.size() - 1;
		Event one = this.history.get(end);
		this.history.set(end, this.history.get(end - 1));
		this.history.set(end - 1, one);
	}

	private void flawless(Ordering ordering) {
		for (int i = 0; i < 3; i++) {
			this.history.add(new Event.Sending(message(ordering, i)));
			this.history.add(new Event.Confirmed(message(ordering, i), id(i)));
		}
		this.history.add(new Event.Memory(BOUND));
		this.history.add(new Event.Subscribed("s", Event.Order.ALL, 1));
		for (int i = 0; i < 3; i++) {
			this.history.add(new Event.Received("s", 1, message(ordering, i), id(i)));
			this.history.add(new Event.Acknowledged("s", id(i)));
		}
		for (int i = 0; i < 3; i++) {
			this.history.add(new Event.Stored(message(ordering, i), id(i)));
		}
	}

	private void received(int consumer, int number) {
		Event.Sending sending = (Event.Sending) this.history.get(2 * number);
		this.history.add(new Event.Received("s", consumer, sending.message(), id(number)));
	}

	private void keyShared() {
		this.history.add(new Event.Subscribed("k", Event.Order.OF_A_KEY, 2));
	}

	private void receivedByKey(Event.Sent message, int entry) {
		this.history.add(new Event.Received("k", 2, message, id(entry)));
	}

	private static Event.Sent message(Ordering ordering, int number) {
		return new Event.Sent("p", ordering, "k", number);
	}

	private static MessageId id(int entry) {
		return new Position(0, entry).message(0);
	}

}
