package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.callback.CallbackQueue;
import io.weir.client.internal.fakes.ManualTimer;
import io.weir.message.MessageId;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

/** Who hears of a message, and where. */
class ProducerCallbacksTest {

	private final ProducerFixture fixture = new ProducerFixture();

	private final Queue<Runnable> callbacks = new ArrayDeque<>();

	private final List<String> told = new ArrayList<>();

	@AfterEach
	void end() {
		this.fixture.end();
	}

	private ProducerCore opening() {
		this.fixture.callbacks = this.callbacks::add;
		return this.fixture.opening();
	}

	@Test
	void whoWaitsForASendIsWokenWithoutAnotherThread() {
		ProducerCore producer = opening();
		CompletableFuture<MessageId> sent = producer.send(ProducerFixture.record(null, "a"));
		assertThat(sent).isCompleted();
		assertThat(this.callbacks).isEmpty();
	}

	@Test
	void messagesOfABatchAreToldInOrderBeforeTheFlush() {
		ProducerCore producer = opening();
		this.fixture.world.broker().hold(Frame.Publish.class);
		CompletableFuture<MessageId> first = send(producer, "first");
		send(producer, "a");
		send(producer, "b");
		send(producer, "c");
		CompletableFuture<Void> flushed = producer.flush();
		flushed.thenRun(() -> this.callbacks.add(() -> this.told.add("flushed")));
		this.fixture.world.broker().answerHeld();
		assertThat(first).isCompleted();
		assertThat(flushed).isCompleted();
		assertThat(this.told).isEmpty();
		this.callbacks.forEach(Runnable::run);
		assertThat(this.told).containsExactly("first", "a", "b", "c", "flushed");
	}

	/** As one does that joins all that were sent. */
	@Test
	void callbackThatWaitsForOthersOfItsBatchDoesNotKeepThemFromBeingTold() {
		ManualTimer timer = this.fixture.world.timer();
		this.fixture.callbacks = new CallbackQueue("the test", this.callbacks::add, timer);
		ProducerCore producer = this.fixture.open();
		this.fixture.world.broker().hold(Frame.Publish.class);
		send(producer, "first");
		ProducerFixture.send(producer, "a").thenRun(() -> {
			this.told.add("a waits");
			timer.advance(Duration.ofSeconds(1));
			// On another thread.
			this.callbacks.remove().run();
			this.told.add("a has waited");
		});
		send(producer, "b");
		send(producer, "c");
		this.fixture.world.broker().answerHeld();
		timer.advance(ProducerFixture.LINGER);
		this.fixture.world.broker().answerHeld();
		assertThat(this.fixture.world.broker().frames(Frame.Publish.class)).hasSize(2);
		while (!this.callbacks.isEmpty()) {
			this.callbacks.remove().run();
		}
		assertThat(this.told).containsExactly("first", "a waits", "b", "c", "a has waited");
	}

	private CompletableFuture<MessageId> send(ProducerCore producer, String text) {
		CompletableFuture<MessageId> sent = ProducerFixture.send(producer, text);
		sent.thenRun(() -> this.told.add(text));
		return sent;
	}

}
