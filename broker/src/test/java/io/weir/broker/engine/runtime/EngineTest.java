package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.Entry;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StorageException;
import io.weir.message.AccessMode;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** The shell around the core. */
class EngineTest extends EngineFixture {

	@Test
	void commandsMustWaitForTheLogToOpen() throws InterruptedException {
		openProducer(1);
		this.engine.submit(TOPIC, subscribe(2));
		CompletionStage<Void> drained = this.engine.drain();
		assertThat(this.engine.snapshot().toCompletableFuture().join()).isEmpty();
		assertThat(this.told).isEmpty();
		assertThat(drained.toCompletableFuture()).isNotDone();
		this.store.open.complete(null);
		drained.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
		assertThat(next(1)).isInstanceOf(Effect.ProducerOpened.class);
		assertThat(next(2)).isInstanceOf(Effect.Done.class);
	}

	@Test
	void damageMustBeToldAsSuchAndNotBeRetryable() throws InterruptedException {
		openProducer(1);
		this.store.open.completeExceptionally(new StorageException(Kind.DAMAGED, "entry 0:3 is damaged", null));
		assertThat(next(1)).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(ErrorCode.TOPIC_DAMAGED);
			assertThat(refused.code().retryable()).isFalse();
			assertThat(refused.reason()).isEqualTo("entry 0:3 is damaged");
		});
	}

	@Test
	void topicThatCannotBeOpenedMustBeTriedAgain() throws InterruptedException {
		openProducer(1);
		this.store.open.completeExceptionally(new StorageException("disk on fire", null));
		assertThat(next(1)).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
			assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
			assertThat(refused.reason()).isEqualTo("disk on fire");
			assertThat(refused.producer()).as("who is none, for the session to forget").isEqualTo(PEER);
		});
		this.store.open = CompletableFuture.completedFuture(null);
		this.engine.drain().toCompletableFuture().join();
		openProducer(2);
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
	}

	@Test
	void batchThatTheStoreCannotTakeNowMustBeRefusedAndWhatFollowsItMustNotOvertakeIt() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		publish(2);
		assertThat(next(2)).isInstanceOf(Effect.Stored.class);
		this.store.refusal = new StorageException(StorageException.Kind.UNAVAILABLE, "the disk is full", null);
		publish(3, 1);
		assertRefused(next(3), ErrorCode.STORAGE_UNAVAILABLE, "the disk is full");
		this.store.refusal = null;
		publish(4, 2);
		assertRefused(next(4), ErrorCode.UNKNOWN_PRODUCER, "No producer 1");
		this.engine.submit(TOPIC, new Command.OpenProducer(new ReplyTo(1, 5), PEER, "p", false, 0, AccessMode.SHARED));
		assertThat(next(5)).isInstanceOf(Effect.ProducerOpened.class);
		publish(6, 1);
		publish(7, 2);
		assertThat(next(6)).isInstanceOf(Effect.Stored.class);
		assertThat(next(7)).isInstanceOf(Effect.Stored.class);
		assertThat(this.engine.refused()).isEqualTo(1);
	}

	@Test
	void batchThatIsStoredMustBeAnsweredSoThoughTheStoreTakesNoMore() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		publish(2);
		next(2);
		this.store.refusal = new StorageException(StorageException.Kind.UNAVAILABLE, "the disk is full", null);
		publish(3);
		assertThat(next(3)).isInstanceOfSatisfying(Effect.Stored.class,
				(stored) -> assertThat(stored.duplicate()).isTrue());
	}

	@Test
	void batchesThatWaitToBeStoredMustBeBounded() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		next(1);
		this.store.holding = true;
		publish(2, 0, 900_000);
		publish(3, 1, 200_000);
		assertRefused(next(3), ErrorCode.OVERLOADED, "900000 bytes of messages to be stored already");
		assertThat(this.engine.waitingBytes()).isEqualTo(900_000);
		this.store.letGo();
		assertThat(next(2)).isInstanceOf(Effect.Stored.class);
		assertThat(this.engine.waitingBytes()).isZero();
	}

	@Test
	void topicWhoseLogIsLostMustOpenAgainWithWhatIsStoredAndHaveItsClientsComeBack() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		next(1);
		this.engine.submit(TOPIC, subscribe(2));
		publish(3);
		next(3);
		this.store.lose(new StorageException(StorageException.Kind.UNAVAILABLE, "opened again", null));
		Set<Class<?>> left = Set.of(nextUnasked().getClass(), nextUnasked().getClass());
		assertThat(left).containsExactlyInAnyOrder(Effect.ProducerClosed.class, Effect.ConsumerClosed.class);
		this.engine.submit(TOPIC, new Command.OpenProducer(new ReplyTo(1, 4), PEER, "p", false, 0, AccessMode.SHARED));
		assertThat(next(4)).isInstanceOfSatisfying(Effect.ProducerOpened.class,
				(opened) -> assertThat(opened.lastSequence()).isZero());
	}

	@Test
	void logMustBeTrimmedAndReadersGoOnWhereItBegins() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		for (int i = 0; i < 3; i++) {
			publish(2 + i, i);
			next(2 + i);
		}
		this.engine.submit(TOPIC, new Command.Trim(new ReplyTo(1, 5), new Position(0, 2), true));
		assertThat(next(5)).isInstanceOfSatisfying(Effect.Trimmed.class,
				(trimmed) -> assertThat(trimmed.first()).isEqualTo(new Position(0, 2)));
		consume(10);
		Entry first = nextOf(Effect.Deliver.class).entry();
		assertThat(first.position()).isEqualTo(new Position(0, 2));
		first.release();
	}

	@Test
	void closedEngineMustDropCommandsWithTheirBuffers() {
		this.engine.close();
		assertThat(publish(1).refCnt()).isZero();
		this.engine.drain().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	@Test
	void topicsMustBeReportedByName() throws InterruptedException {
		this.store.open.complete(null);
		this.engine.submit(new Topic("z"), subscribe(1));
		next(1);
		this.engine.submit(new Topic("a"), subscribe(2));
		next(2);
		List<TopicSnapshot> topics = this.engine.snapshot().toCompletableFuture().join();
		assertThat(topics).extracting(TopicSnapshot::name).containsExactly("a", "z");
	}

	@Test
	void clientThatCannotBeToldMustNotKeepTheRestFromHappening() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		this.engine.submit(TOPIC,
				new Command.OpenProducer(new ReplyTo(2, 2), new Peer(2, 1), "p", false, -1, AccessMode.EXCLUSIVE));
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
	}

}
