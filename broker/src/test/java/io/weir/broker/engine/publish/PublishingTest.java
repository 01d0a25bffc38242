package io.weir.broker.engine.publish;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.AccessMode;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What producers may rely on. */
class PublishingTest extends TopicFixture {

	private static final Peer OTHER = new Peer(2, 1);

	private static final Peer CONSUMER = new Peer(9, 1);

	@Test
	void receiptMustComeAfterStorageOnly() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.holdStorage();
		long publish = this.topic.publish(PRODUCER, 0, 3);
		assertThat(this.topic.answer(publish)).isNull();
		this.topic.storeNext();
		assertStored(publish, 0, false);
	}

	@Test
	void retryWithTheSameSequenceMustBeAnsweredAndNotStoredAgain() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.publish(PRODUCER, 3, 1);
		assertStored(this.topic.publish(PRODUCER, 0, 3), 0, true);
		assertThat(this.topic.stored()).hasSize(2);
	}

	@Test
	void retryDuringTheAppendMustBeAnsweredWithIt() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.holdStorage();
		long first = this.topic.publish(PRODUCER, 0, 3);
		long second = this.topic.publish(PRODUCER, 0, 3);
		assertThat(this.topic.underWay()).hasSize(1);
		assertThat(this.topic.answer(second)).isNull();
		this.topic.storeAll();
		assertStored(first, 0, false);
		assertStored(second, 0, true);
	}

	@Test
	void retryAfterARestartMustBeRecognised() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.restart();
		long opened = this.topic.openProducer(OTHER, "p", 0, AccessMode.SHARED);
		assertThat(this.topic.answer(opened)).isInstanceOfSatisfying(Effect.ProducerOpened.class, (answer) -> {
			assertThat(answer.lastSequence()).isEqualTo(2);
			assertThat(answer.epoch()).isEqualTo(1);
		});
		assertStored(this.topic.publish(OTHER, 0, 3), 0, true);
		assertStored(this.topic.publish(OTHER, 3, 1), 1, false);
	}

	@Test
	void batchesMustBeTakenInAnyOrder() {
		this.topic.openProducer(PRODUCER, "p");
		assertStored(this.topic.publish(PRODUCER, 10, 5), 0, false);
		assertStored(this.topic.publish(PRODUCER, 0, 10), 1, false);
		assertStored(this.topic.publish(PRODUCER, 0, 10), 1, true);
	}

	@Test
	void regroupedRetryMustBeRefused() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.publish(PRODUCER, 10, 5);
		assertRefused(this.topic.publish(PRODUCER, 10, 4), ErrorCode.INVALID_REQUEST);
		assertRefused(this.topic.publish(PRODUCER, 8, 3), ErrorCode.INVALID_REQUEST);
		assertRefused(this.topic.publish(PRODUCER, 14, 3), ErrorCode.INVALID_REQUEST);
	}

	@Test
	void whatIsOlderThanTheWindowMustCountAsStoredAtAForgottenPosition() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.publish(PRODUCER, 1, 1);
		this.topic.publish(PRODUCER, Limits.MAX_IN_FLIGHT + 2, 1);
		assertThat(this.topic.answer(this.topic.publish(PRODUCER, 1, 1))).isInstanceOfSatisfying(Effect.Stored.class,
				(stored) -> {
					assertThat(stored.position()).isNull();
					assertThat(stored.duplicate()).isTrue();
				});
		assertThat(this.topic.stored()).hasSize(2);
		assertStored(this.topic.publish(PRODUCER, 3, 1), 2, false);
	}

	@Test
	void failedAppendMustAdvanceNothing() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.consume(CONSUMER, "s", 10);
		this.topic.holdStorage();
		long publish = this.topic.publish(PRODUCER, 0, 3);
		long again = this.topic.publish(PRODUCER, 0, 3);
		this.topic.failNext("disk full");
		assertRefused(publish, ErrorCode.STORAGE_FAILED);
		assertRefused(again, ErrorCode.STORAGE_FAILED);
		this.topic.releaseStorage();
		assertThat(this.topic.deliveries(CONSUMER)).isEmpty();
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertThat(this.topic.snapshot().producers()).singleElement()
			.satisfies((producer) -> assertThat(producer.lastSequence()).isEqualTo(-1));
		assertRefused(this.topic.publish(PRODUCER, 0, 3), ErrorCode.STORAGE_FAILED);
	}

	@Test
	void sharedNameMustBeRefusedWhileItsProducerIsConnected() {
		this.topic.openProducer(PRODUCER, "p");
		assertRefused(this.topic.openProducer(OTHER, "p"), ErrorCode.PRODUCER_BUSY);
		this.topic.endSession(PRODUCER.session());
		assertOpened(this.topic.openProducer(OTHER, "p"), 1);
	}

	@Test
	void requestThatComesAfterItsSuccessorMustNotFenceIt() {
		Peer next = new Peer(PRODUCER.session(), PRODUCER.id() + 1);
		assertOpened(this.topic.openProducer(next, "p", -1, AccessMode.EXCLUSIVE), 0);
		assertRefused(this.topic.openProducer(PRODUCER, "p", -1, AccessMode.EXCLUSIVE), ErrorCode.PRODUCER_FENCED);
		Peer later = new Peer(PRODUCER.session() + 1, 1);
		assertOpened(this.topic.openProducer(later, "p", 0, AccessMode.EXCLUSIVE), 1);
		assertRefused(this.topic.openProducer(new Peer(PRODUCER.session(), 9), "p", 0, AccessMode.EXCLUSIVE),
				ErrorCode.PRODUCER_FENCED);
		assertStored(this.topic.publish(later, 0, 1), 0, false);
	}

	@Test
	void newExclusiveProducerMustFenceTheOlder() {
		this.topic.openProducer(PRODUCER, "p");
		assertOpened(this.topic.openProducer(OTHER, "p", -1, AccessMode.EXCLUSIVE), 1);
		assertThat(this.topic.told(Effect.ProducerClosed.class)).singleElement().satisfies((closed) -> {
			assertThat(closed.producer()).isEqualTo(PRODUCER);
			assertThat(closed.code()).isEqualTo(ErrorCode.PRODUCER_FENCED);
		});
		assertRefused(this.topic.publish(PRODUCER, 0, 1), ErrorCode.PRODUCER_FENCED);
		assertStored(this.topic.publish(OTHER, 0, 1), 0, false);
	}

	@Test
	void reconnectedProducerMustTakeOverByItsEpoch() {
		this.topic.openProducer(PRODUCER, "p");
		assertOpened(this.topic.openProducer(OTHER, "p", 0, AccessMode.SHARED), 1);
		assertRefused(this.topic.publish(PRODUCER, 0, 1), ErrorCode.PRODUCER_FENCED);
	}

	@Test
	void takeOverWhoseAnswerWasLostMustSucceedAgain() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.openProducer(OTHER, "p", 0, AccessMode.SHARED);
		assertOpened(this.topic.openProducer(new Peer(3, 1), "p", 0, AccessMode.SHARED), 2);
	}

	@Test
	void fencedProducerMustNotTakeOverAgain() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.openProducer(OTHER, "p", -1, AccessMode.EXCLUSIVE);
		assertRefused(this.topic.openProducer(PRODUCER, "p", 0, AccessMode.EXCLUSIVE), ErrorCode.PRODUCER_FENCED);
	}

	@Test
	void takeOverMustBeAnsweredWhenTheOlderAppendsAreDone() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.holdStorage();
		this.topic.publish(PRODUCER, 0, 4);
		long opened = this.topic.openProducer(OTHER, "p", 0, AccessMode.SHARED);
		assertThat(this.topic.answer(opened)).isNull();
		this.topic.storeAll();
		assertThat(this.topic.answer(opened)).isInstanceOfSatisfying(Effect.ProducerOpened.class,
				(answer) -> assertThat(answer.lastSequence()).isEqualTo(3));
	}

	@Test
	void closedProducerMustBeForgottenOnlyIfItsNameWasGenerated() {
		this.topic.openGenerated(PRODUCER, "generated");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.closeProducer(PRODUCER);
		assertLastSequence(this.topic.openProducer(PRODUCER, "generated"), -1);
		this.topic.openProducer(OTHER, "named");
		this.topic.publish(OTHER, 0, 3);
		this.topic.closeProducer(OTHER);
		assertLastSequence(this.topic.openProducer(OTHER, "named"), 2);
	}

	@Test
	void producerWithAGeneratedNameMustBeRememberedForItsReconnect() {
		this.topic.openGenerated(PRODUCER, "generated");
		this.topic.publish(PRODUCER, 0, 3);
		this.topic.endSession(PRODUCER.session());
		assertLastSequence(this.topic.openProducer(OTHER, "generated", 0, AccessMode.SHARED), 2);
		this.topic.closeProducer(OTHER);
		assertLastSequence(this.topic.openProducer(OTHER, "generated"), -1);
	}

	@Test
	void unknownProducerMustBeTold() {
		assertRefused(this.topic.publish(PRODUCER, 0, 1), ErrorCode.UNKNOWN_PRODUCER);
	}

	private void assertStored(long request, long entry, boolean duplicate) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Stored.class, (stored) -> {
			assertThat(stored.position()).isEqualTo(new Position(0, entry));
			assertThat(stored.duplicate()).isEqualTo(duplicate);
		});
	}

	private void assertLastSequence(long request, long sequence) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.ProducerOpened.class,
				(opened) -> assertThat(opened.lastSequence()).isEqualTo(sequence));
	}

}
