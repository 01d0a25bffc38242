package io.weir.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;

import io.weir.message.Message;
import io.weir.spring.AckMode;
import io.weir.spring.Acknowledgement;
import io.weir.spring.BatchListenerFailedException;
import io.weir.spring.WeirSchemas;
import io.weir.spring.fake.FakeMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** What fails in a batch is no matter of the others in it. */
class BatchFailureTests extends ListenerContainerFixture {

	private final Queue<List<?>> batches = new ConcurrentLinkedQueue<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final CountDownLatch go = new CountDownLatch(1);

	/** What the error handler is asked about is put off, which each test looks for. */
	private void startBatches(AckMode mode, WeirMessageListener listener) {
		this.errorHandler = (id, message, failure) -> {
			this.failures.add(failure);
			return WeirErrorHandler.Decision.redeliverAfter(Duration.ofHours(1));
		};
		start(mode, true, (messages, acknowledgement) -> {
			// So that all that is published next waits together.
			if (text(messages.get(0)).equals("first")) {
				this.go.await();
				acknowledgement.acknowledge();
				return null;
			}
			return listener.onMessages(messages, acknowledgement);
		});
	}

	private void publishTogether(String... payloads) {
		publish("first");
		await().until(() -> status().received() == 1);
		publish(payloads);
		this.go.countDown();
	}

	private void awaitOnlyTheSecondFailed() {
		await().untilAsserted(() -> assertThat(consumer().acknowledged).containsExactlyInAnyOrder(FakeMessage.id(0),
				FakeMessage.id(1), FakeMessage.id(3), FakeMessage.id(4)));
		assertThat(consumer().putOff).containsOnly(Map.entry(FakeMessage.id(2), Duration.ofHours(1)));
		assertThat(consumer().negativelyAcknowledged).isEmpty();
		assertThat(status().failed()).isEqualTo(1);
		assertThat(status().state()).isEqualTo(ListenerState.RUNNING);
	}

	@ParameterizedTest
	@EnumSource(AckMode.class)
	void oneThatCannotBeDecodedIsFailedAloneAndTheOthersAreGivenTogether(AckMode mode) throws Exception {
		startBatches(mode, listener("numbers", List.class, Acknowledgement.class));
		publishTogether("1", "two", "3", "4");
		awaitOnlyTheSecondFailed();
		assertThat(this.batches).containsExactly(List.of(1, 3, 4));
		assertThat(this.failures).singleElement().asString().contains("Integer");
	}

	@Test
	void listsOfOneBatchHaveTheSameMessagesAlsoIfOneTypeFitsAndTheOtherDoesNot() throws Exception {
		startBatches(AckMode.RECORD, listener("both", List.class, List.class));
		publishTogether("1", "two", "3", "4");
		awaitOnlyTheSecondFailed();
		assertThat(this.batches).containsExactly(List.of(1, 3, 4), List.of("1", "3", "4"));
	}

	@Test
	void aBatchOfWhichNothingCanBeDecodedIsNotGivenToTheMethod() throws Exception {
		startBatches(AckMode.RECORD, listener("numbers", List.class, Acknowledgement.class));
		publishTogether("one", "two");
		await().untilAsserted(() -> assertThat(consumer().putOff).hasSize(2));
		publish("3");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).contains(FakeMessage.id(3)));
		assertThat(this.batches).containsExactly(List.of(3));
	}

	@ParameterizedTest
	@EnumSource(AckMode.class)
	void aMethodSaysByIndexWhichFailedAndThoseBeforeAreAcknowledgedAndThoseAfterComeAgain(AckMode mode) {
		startBatches(mode, (messages, acknowledgement) -> failOn(messages, acknowledgement,
				(index) -> new BatchListenerFailedException(index, new IllegalStateException("planted"))));
		publishTogether("a", "poison", "b", "c");
		awaitOnlyTheSecondFailed();
		assertThat(this.batches).containsExactly(List.of("a", "poison", "b", "c"), List.of("b", "c"));
		assertThat(this.failures).singleElement().satisfies((failure) -> assertThat(failure).hasMessage("planted"));
	}

	@Test
	void aMethodSaysByMessageWhichFailed() {
		startBatches(AckMode.RECORD,
				(messages, acknowledgement) -> failOn(messages, acknowledgement,
						(index) -> new BatchListenerFailedException(messages.get(index),
								new IllegalStateException("planted"))));
		publishTogether("a", "poison", "b", "c");
		awaitOnlyTheSecondFailed();
		assertThat(this.batches).containsExactly(List.of("a", "poison", "b", "c"), List.of("b", "c"));
	}

	@Test
	void aStageSaysLaterWhichFailedAndThoseAfterComeAgainThoughNothingElseArrives() {
		CompletableFuture<Void> work = new CompletableFuture<>();
		startBatches(AckMode.RECORD, (messages, acknowledgement) -> {
			note(messages);
			return (this.batches.size() == 1) ? work : null;
		});
		publishTogether("a", "poison", "b", "c");
		await().until(() -> this.batches.size() == 1);
		work.completeExceptionally(new BatchListenerFailedException(1, new IllegalStateException("planted")));
		awaitOnlyTheSecondFailed();
		assertThat(this.batches).containsExactly(List.of("a", "poison", "b", "c"), List.of("b", "c"));
	}

	@Test
	void aFailingJvmStopsAListenerAlsoIfItSaysOnWhichMessage() {
		startBatches(AckMode.RECORD, (messages, acknowledgement) -> {
			throw new BatchListenerFailedException(1, new OutOfMemoryError("planted"));
		});
		publishTogether("a", "b", "c");
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.FAILED));
		assertThat(status().failure()).contains("OutOfMemoryError", "planted");
		assertThat(this.failures).as("no question of the message").isEmpty();
		assertThat(consumer().acknowledged).containsExactly(FakeMessage.id(0), FakeMessage.id(1));
	}

	@Test
	void aMessageThatIsNotInTheBatchFailsItAllAndIsSaid() {
		startBatches(AckMode.RECORD, (messages, acknowledgement) -> {
			throw new BatchListenerFailedException(7, new IllegalStateException("planted"));
		});
		publishTogether("a", "b");
		await()
			.untilAsserted(() -> assertThat(consumer().putOff).containsOnlyKeys(FakeMessage.id(1), FakeMessage.id(2)));
		assertThat(this.failures)
			.allSatisfy((failure) -> assertThat(failure).hasMessageContainingAll("element 7", "not among the 2"));
	}

	@Test
	void anIndexBelowZeroIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new BatchListenerFailedException(-1, new IllegalStateException("planted")))
			.withMessageContaining("-1");
	}

	private @Nullable CompletableFuture<?> failOn(List<Message<byte[]>> messages, Acknowledgement acknowledgement,
			IntFunction<BatchListenerFailedException> failure) {
		List<String> texts = note(messages);
		int poison = texts.indexOf("poison");
		if (poison >= 0) {
			throw failure.apply(poison);
		}
		acknowledgement.acknowledge();
		return null;
	}

	private List<String> note(List<Message<byte[]>> messages) {
		List<String> texts = messages.stream().map(ListenerContainerFixture::text).toList();
		this.batches.add(texts);
		return texts;
	}

	private WeirMessageListener listener(String method, Class<?>... parameters) {
		Methods bean = new Methods();
		DefaultListableBeanFactory factory = new DefaultListableBeanFactory();
		return new ListenerMethods(new WeirSchemas(JsonMapper.builder().build()), factory).listener(bean,
				ResolvableType.forInstance(bean),
				Objects.requireNonNull(ReflectionUtils.findMethod(Methods.class, method, parameters)),
				new ListenerExpressions(factory, bean), true, new ListenerTemplate(factory));
	}

	/** Annotated methods, but for the annotation. */
	private final class Methods {

		void numbers(List<Integer> numbers, Acknowledgement acknowledgement) {
			BatchFailureTests.this.batches.add(new ArrayList<>(numbers));
			acknowledgement.acknowledge();
		}

		void both(List<Integer> numbers, List<Message<String>> texts) {
			BatchFailureTests.this.batches.add(numbers);
			BatchFailureTests.this.batches.add(texts.stream().map(Message::value).toList());
		}

	}

}
