package io.weir.broker.engine.publish;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.AccessMode;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** The epochs of producers outlive the broker. */
class ProducerEpochsTest extends TopicFixture {

	private static final Peer OTHER = new Peer(2, 1);

	private static final Peer THIRD = new Peer(3, 1);

	@Test
	void producerThatWasFencedMustStayFencedAcrossARestart() {
		assertOpened(this.topic.openProducer(PRODUCER, "p"), 0);
		assertOpened(this.topic.openProducer(OTHER, "p", -1, AccessMode.EXCLUSIVE), 1);
		this.topic.restart();
		assertRefused(this.topic.openProducer(PRODUCER, "p", 0, AccessMode.EXCLUSIVE), ErrorCode.PRODUCER_FENCED);
		assertOpened(this.topic.openProducer(OTHER, "p", 1, AccessMode.EXCLUSIVE), 2);
	}

	@Test
	void whoComesAfterARestartMustFenceWhoWasThereBefore() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.openProducer(PRODUCER, "p", 0, AccessMode.EXCLUSIVE);
		assertOpened(this.topic.openProducer(new Peer(4, 1), "p", 0, AccessMode.EXCLUSIVE), 1);
		this.topic.restart();
		assertOpened(this.topic.openProducer(OTHER, "p", -1, AccessMode.EXCLUSIVE), 2);
		assertRefused(this.topic.openProducer(THIRD, "p", 1, AccessMode.EXCLUSIVE), ErrorCode.PRODUCER_FENCED);
	}

	@Test
	void producerMustBeOpenedOnlyWhenItsEpochIsStored() {
		this.topic.holdStorage();
		long opened = this.topic.openProducer(PRODUCER, "p");
		assertThat(this.topic.answer(opened)).isNull();
		this.topic.storeNext();
		assertOpened(opened, 0);
	}

	@Test
	void epochOfAnEarlierOpeningMustNotAnswerALaterOne() {
		this.topic.holdStorage();
		long first = this.topic.openProducer(PRODUCER, "p");
		long second = this.topic.openProducer(OTHER, "p", -1, AccessMode.EXCLUSIVE);
		assertRefused(first, ErrorCode.PRODUCER_FENCED);
		this.topic.storeNext();
		assertThat(this.topic.answer(second)).isNull();
		this.topic.storeNext();
		assertOpened(second, 1);
	}

	@Test
	void producerWhoseEpochCannotBeStoredMustBeRefusedAndMayTryAgain() {
		this.topic.holdStorage();
		long opened = this.topic.openProducer(PRODUCER, "p");
		this.topic.failNext(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "not now"));
		assertThat(this.topic.answer(opened)).isEqualTo(new Effect.Refused(this.topic.answer(opened).to(),
				ErrorCode.STORAGE_UNAVAILABLE, "not now", null, PRODUCER));
		this.topic.releaseStorage();
		assertThat(this.topic.snapshot().producers()).isEmpty();
		assertOpened(this.topic.openProducer(PRODUCER, "p"), 1);
	}

	@Test
	void forgottenProducerMustBeginAnew() {
		this.topic.openGenerated(PRODUCER, "generated");
		this.topic.closeProducer(PRODUCER);
		assertThat(this.topic.restartAndSeeProducers()).isEmpty();
		assertOpened(this.topic.openGenerated(OTHER, "generated"), 0);
	}

}
