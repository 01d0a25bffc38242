package io.weir.client.internal.producer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
	void messagesOfABatchAreToldInOrderInOneTaskBeforeTheFlush() {
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
		// One for each of the two batches, and that of the test.
		assertThat(this.callbacks).hasSize(3);
		this.callbacks.forEach(Runnable::run);
		assertThat(this.told).containsExactly("first", "a", "b", "c", "flushed");
	}

	private CompletableFuture<MessageId> send(ProducerCore producer, String text) {
		CompletableFuture<MessageId> sent = ProducerFixture.send(producer, text);
		sent.thenRun(() -> this.told.add(text));
		return sent;
	}

}
