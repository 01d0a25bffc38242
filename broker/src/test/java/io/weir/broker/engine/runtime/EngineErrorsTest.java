package io.weir.broker.engine.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is thrown within a topic. */
class EngineErrorsTest extends EngineFixture {

	@Test
	void errorInATopicMustBeToldAndHaveItOpenedAgain() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		next(1);
		StackOverflowError error = new StackOverflowError();
		this.store.append = error;
		publish(2);
		assertRefused(next(2), ErrorCode.STORAGE_UNAVAILABLE, "StackOverflowError");
		assertThat(this.errors.poll(10, TimeUnit.SECONDS)).isSameAs(error);
		assertThat(nextUnasked()).isInstanceOfSatisfying(Effect.ProducerClosed.class,
				(closed) -> assertThat(closed.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
		this.store.append = null;
		openProducer(3);
		publish(4);
		assertThat(next(4)).isInstanceOf(Effect.Stored.class);
	}

	@Test
	void errorAtWhatWasReadMustReleaseItAndHaveItReadAgain() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		for (int i = 0; i < 3; i++) {
			publish(2 + i, i);
			next(2 + i);
		}
		this.store.taking = new OutOfMemoryError("on purpose");
		consume(10);
		assertThat(this.errors.poll(10, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
		assertThat(nextOf(Effect.ConsumerClosed.class).code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
		consume(11);
		for (int i = 0; i < 3; i++) {
			nextOf(Effect.Deliver.class).entry().release();
		}
		this.engine.close();
		assertThat(this.store.read).hasSize(6).allMatch((entry) -> entry.batch().refCnt() == 0);
	}

	@Test
	void whatACommandHadDecidedBeforeItFailedMustBeDone() throws InterruptedException {
		this.store.open.complete(null);
		openProducer(1);
		AtomicReference<Error> room = new AtomicReference<>();
		this.engine.submit(TOPIC, subscribe(2, SubscriptionType.SHARED, () -> {
			Error error = room.getAndSet(null);
			if (error != null) {
				throw error;
			}
			return true;
		}));
		this.engine.submit(TOPIC, new Command.Flow(new Peer(1, 2), 10));
		next(2);
		this.engine.drain().toCompletableFuture().join();
		room.set(new OutOfMemoryError("on purpose"));
		publish(3);
		assertThat(next(3)).isInstanceOf(Effect.Stored.class);
		assertThat(nextOf(Effect.ProducerClosed.class).code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
	}

	@Test
	void topicThatThereIsNoMemoryToTakeUpMustBeTriedAgain() throws InterruptedException {
		OutOfMemoryError error = new OutOfMemoryError("on purpose");
		this.store.takeUp = error;
		this.store.open.complete(null);
		openProducer(1);
		assertRefused(next(1), ErrorCode.STORAGE_UNAVAILABLE, "on purpose");
		assertThat(this.errors.poll(10, TimeUnit.SECONDS)).isSameAs(error);
		this.store.takeUp = null;
		openProducer(2);
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
	}

	@Test
	void topicWhoseStoreThrowsWhenItIsOpenedMustBeTriedAgain() throws InterruptedException {
		this.store.open = CompletableFuture.completedFuture(null);
		this.store.openThrows = new OutOfMemoryError("on purpose");
		openProducer(1);
		assertRefused(next(1), ErrorCode.STORAGE_UNAVAILABLE, "on purpose");
		this.store.openThrows = null;
		openProducer(2);
		assertThat(next(2)).isInstanceOf(Effect.ProducerOpened.class);
	}

}
