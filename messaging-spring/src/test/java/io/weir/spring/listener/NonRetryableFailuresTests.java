package io.weir.spring.listener;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.converter.MessageConversionException;

import io.weir.client.DeadLetterPolicy;
import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.SchemaException;
import io.weir.spring.AckMode;
import io.weir.spring.BatchListenerFailedException;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.listener.WeirErrorHandler.Decision;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** What no further try would mend is not tried again. */
@ExtendWith(CapturedLog.class)
class NonRetryableFailuresTests extends ListenerContainerFixture {

	/** The bean of an application, which says nothing of it. */
	private Decision decision = Decision.redeliver();

	private NonRetryableFailures failures = NonRetryableFailures.DEFAULTS;

	private void startFailing(Throwable failure) {
		this.customizers = List.of((topic, builder) -> builder.deadLetterPolicy(new DeadLetterPolicy(9, "dead")));
		this.errorHandler = (id, message, cause) -> this.decision;
		startListening(failure);
	}

	private void startListening(Throwable failure) {
		this.container = container(WeirListenerEndpoint.builder("billing")
			.topics("orders")
			.nonRetryable(this.failures)
			.listener((messages, acknowledgement) -> {
				if (messages.get(0).redeliveryCount() == 0 && text(messages.get(0)).equals("poison")) {
					throw sneaky(failure);
				}
				return hear(messages, acknowledgement);
			})
			.build());
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
		publish("poison", "a");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).contains(FakeMessage.id(1)));
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
		throw (T) failure;
	}

	static Stream<Throwable> hopeless() {
		return Stream.of(new SchemaException("no", null), new WeirException(ErrorCode.SCHEMA, "no"),
				new MessageConversionException("no"), new NoHandlerException("no"), new ClassCastException("no"),
				new ConversionFailedException(TypeDescriptor.valueOf(String.class),
						TypeDescriptor.valueOf(Integer.class), "x", new IllegalArgumentException("no")));
	}

	@ParameterizedTest
	@MethodSource("hopeless")
	void whatNoFurtherTryWouldMendBecomesADeadLetterAtOnce(Throwable failure) {
		startFailing(failure);
		assertThat(consumer().givenUp).containsOnlyKeys(FakeMessage.id(0));
		assertThat(consumer().negativelyAcknowledged).isEmpty();
	}

	@Test
	void anythingElseIsDeliveredAgain() {
		startFailing(new WeirException(ErrorCode.TIMEOUT, "no"));
		assertThat(consumer().givenUp).isEmpty();
		await().untilAsserted(() -> assertThat(consumer().acknowledged).contains(FakeMessage.id(0)));
	}

	@Test
	void whatNoFurtherTryWouldMendIsNotRetriedInPlace() {
		this.decision = Decision.retryInPlace(5, Duration.ofHours(1));
		startFailing(new ClassCastException("no"));
		assertThat(consumer().givenUp).containsOnlyKeys(FakeMessage.id(0));
	}

	@Test
	void aHandlerThatDiscardsHasTheLastWord() {
		this.decision = Decision.discard();
		startFailing(new ClassCastException("no"));
		assertThat(consumer().givenUp).isEmpty();
		assertThat(consumer().acknowledged).contains(FakeMessage.id(0));
	}

	@Test
	void withoutADeadLetterTopicItIsGivenBackAsTheHandlerDecidesWhichIsSaidOnce(CapturedLog log) {
		this.errorHandler = (id, message, failure) -> Decision.redeliverAfter(Duration.ofHours(1));
		startListening(new ClassCastException("no"));
		publish("poison");
		await().until(() -> status().failed() == 2);
		await().untilAsserted(() -> assertThat(consumer().putOff)
			.isEqualTo(Map.of(FakeMessage.id(0), Duration.ofHours(1), FakeMessage.id(2), Duration.ofHours(1))));
		assertThat(log.toString().lines().filter((line) -> line.contains("has no topic for dead letters")))
			.singleElement()
			.asString()
			.contains("'billing'", "java.lang.ClassCastException", "again and again");
	}

	@Test
	void anApplicationAddsAndRemovesClasses() {
		NonRetryableFailures told = new NonRetryableFailures(Set.of(IOException.class, ClassCastException.class),
				Set.of(SchemaException.class, FileNotFoundException.class));
		assertThat(told.contains(new IOException())).isTrue();
		assertThat(told.contains(new EOFException())).as("a subclass").isTrue();
		assertThat(told.contains(new FileNotFoundException())).as("a subclass that is removed").isFalse();
		assertThat(told.contains(new WeirException(ErrorCode.SCHEMA, "no"))).isFalse();
		assertThat(told.contains(new MessageConversionException("no"))).isTrue();
	}

	@Test
	void whatAListenerSaysCountsMoreThanWhatIsSaidForAll() {
		NonRetryableFailures all = new NonRetryableFailures(Set.of(IOException.class),
				Set.of(ClassCastException.class));
		NonRetryableFailures own = new NonRetryableFailures(Set.of(ClassCastException.class),
				Set.of(IOException.class));
		assertThat(own.or(all)).isEqualTo(own);
		assertThat(NonRetryableFailures.DEFAULTS.or(all)).isEqualTo(all);
	}

	@Test
	void aClassIsEitherRetriedOrNot() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new NonRetryableFailures(Set.of(IOException.class), Set.of(IOException.class)))
			.withMessageContaining("java.io.IOException");
	}

	@Test
	void aListenerMayRetryWhatOthersDoNot() {
		this.failures = new NonRetryableFailures(Set.of(), Set.of(ClassCastException.class));
		startFailing(new ClassCastException("no"));
		await().untilAsserted(() -> assertThat(consumer().acknowledged).contains(FakeMessage.id(0)));
		assertThat(consumer().givenUp).isEmpty();
	}

	@Test
	void anErrorHandlerMaySayItself() {
		this.customizers = List.of((topic, builder) -> builder.deadLetterPolicy(new DeadLetterPolicy(9, "dead")));
		this.errorHandler = new WeirErrorHandler() {

			@Override
			public Decision handle(String listenerId, Message<byte[]> message, Throwable failure) {
				return Decision.redeliver();
			}

			@Override
			public boolean isRetryable(Throwable failure, boolean configured) {
				return configured && !"hopeless".equals(failure.getMessage());
			}

		};
		startListening(new IllegalStateException("hopeless"));
		assertThat(consumer().givenUp).containsOnlyKeys(FakeMessage.id(0));
	}

	@Test
	void ofABatchOnlyTheHopelessOneBecomesADeadLetterAndTheOthersGoOn() {
		this.customizers = List.of((topic, builder) -> builder.deadLetterPolicy(new DeadLetterPolicy(9, "dead")));
		this.errorHandler = (id, message, failure) -> Decision.retryInPlace(5, Duration.ofHours(1));
		CountDownLatch go = new CountDownLatch(1);
		Queue<MessageId> handled = new ConcurrentLinkedQueue<>();
		start(AckMode.RECORD, true, (messages, acknowledgement) -> {
			go.await();
			for (Message<byte[]> message : messages) {
				if (text(message).equals("poison")) {
					throw new BatchListenerFailedException(message, new ClassCastException("no"));
				}
				handled.add(message.id());
			}
			return null;
		});
		publish("first");
		await().until(() -> status().received() == 1);
		publish("a", "poison", "b");
		go.countDown();
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(3));
		assertThat(handled).containsExactly(FakeMessage.id(0), FakeMessage.id(1), FakeMessage.id(3));
		assertThat(consumer().givenUp).containsOnlyKeys(FakeMessage.id(2));
	}

}
