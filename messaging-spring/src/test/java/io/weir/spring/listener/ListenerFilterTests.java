package io.weir.spring.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.AckMode;
import io.weir.spring.BatchListenerFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Filters and interceptors, between a container and its listener. */
class ListenerFilterTests extends ListenerContainerFixture {

	private final Queue<String> told = new ConcurrentLinkedQueue<>();

	private static boolean isWanted(Message<byte[]> message) {
		return !text(message).startsWith("-");
	}

	@ParameterizedTest
	@EnumSource(AckMode.class)
	void messageThatTheFilterRefusesIsAcknowledgedWithoutTheListener(AckMode mode) {
		start(mode, false, new FilteredListener((messages, acknowledgement) -> {
			acknowledgement.acknowledge();
			return hear(messages, acknowledgement);
		}, ListenerFilterTests::isWanted));
		MessageId refused = this.client.publish("orders", "-a");
		MessageId wanted = this.client.publish("orders", "b");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).contains(refused, wanted));
		assertThat(this.heard).containsExactly("b");
		assertThat(consumer().negativelyAcknowledged).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void failureOfABatchNamesTheMessageThoughTheFilterHasTakenOthersOut(boolean asynchronous) {
		CountDownLatch go = new CountDownLatch(1);
		List<List<String>> given = new ArrayList<>();
		start(AckMode.RECORD, true, new FilteredListener((messages, acknowledgement) -> {
			go.await();
			given.add(messages.stream().map(ListenerContainerFixture::text).toList());
			int poison = given.get(given.size() - 1).indexOf("poison");
			if (poison < 0 || messages.get(poison).redeliveryCount() > 0) {
				return null;
			}
			BatchListenerFailedException failure = new BatchListenerFailedException(poison,
					new IllegalStateException("planted"));
			if (asynchronous) {
				return CompletableFuture.failedFuture(failure);
			}
			throw failure;
		}, ListenerFilterTests::isWanted));
		MessageId first = this.client.publish("orders", "first");
		await().until(() -> status().received() == 1);
		MessageId refused = this.client.publish("orders", "-a");
		MessageId good = this.client.publish("orders", "good");
		MessageId poison = this.client.publish("orders", "poison");
		MessageId after = this.client.publish("orders", "after");
		go.countDown();
		await().untilAsserted(() -> assertThat(consumer().acknowledged).contains(first, refused, good, poison, after));
		assertThat(consumer().negativelyAcknowledged).containsExactly(poison);
		assertThat(given).startsWith(List.of("first"), List.of("good", "poison", "after"));
	}

	@Test
	void filterThatThrowsIsAFailureOfTheMessage() {
		start(AckMode.RECORD, false, new FilteredListener(this::hear, (message) -> {
			if (message.redeliveryCount() == 0) {
				throw new IllegalStateException("planted");
			}
			return true;
		}));
		publish("a");
		await().untilAsserted(() -> assertThat(this.heard).containsExactly("a"));
		assertThat(status().failed()).isEqualTo(1);
	}

	private WeirListenerInterceptor interceptor(String name, @Nullable RuntimeException before,
			@Nullable RuntimeException after) {
		return new WeirListenerInterceptor() {

			@Override
			public void before(String listenerId, List<Message<byte[]>> messages) {
				ListenerFilterTests.this.told.add(name + " before " + text(messages.get(0)) + " of " + listenerId);
				if (before != null) {
					throw before;
				}
			}

			@Override
			public void after(String listenerId, List<Message<byte[]>> messages, @Nullable Throwable failure) {
				ListenerFilterTests.this.told.add(name + " after " + text(messages.get(0)) + " "
						+ ((failure != null) ? failure.getMessage() : "well"));
				if (after != null) {
					throw after;
				}
			}

		};
	}

	@Test
	void interceptorsAreToldInOrderAndInReverseWhenTheWorkHasEnded() {
		this.interceptors = List.of(interceptor("x", null, null), interceptor("y", null, null));
		CompletableFuture<Void> work = new CompletableFuture<>();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			this.told.add("called");
			return work;
		});
		MessageId id = this.client.publish("orders", "a");
		await().untilAsserted(() -> assertThat(this.told).containsExactly("x before a of billing",
				"y before a of billing", "called"));
		work.complete(null);
		await().untilAsserted(() -> assertThat(consumer().acknowledged).containsExactly(id));
		assertThat(this.told).endsWith("called", "y after a well", "x after a well");
	}

	@Test
	void interceptorThatThrowsBeforeFailsTheMessageAndAfterChangesNothing() {
		this.interceptors = List.of(interceptor("x", null, new IllegalStateException("ignored")),
				interceptor("y", new IllegalStateException("planted"), null));
		this.errorHandler = (listener, message, failure) -> WeirErrorHandler.Decision.discard();
		start(AckMode.RECORD, false, this::hear);
		MessageId id = this.client.publish("orders", "a");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).containsExactly(id));
		assertThat(this.told).containsExactly("x before a of billing", "y before a of billing", "x after a planted");
		assertThat(this.heard).isEmpty();
		assertThat(status().failed()).isEqualTo(1);
	}

}
