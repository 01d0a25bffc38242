package io.weir.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.client.WeirException;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.fake.FakeConsumer;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.listener.WeirErrorHandler.Decision;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Listeners that read their topics without a subscription. */
class ReaderContainerTests extends ListenerContainerFixture {

	private final List<String> given = new ArrayList<>();

	private boolean broken = true;

	@BeforeEach
	void neverWait() {
		this.errorHandler = (id, message, failure) -> Decision.redeliverAfter(Duration.ZERO);
	}

	private void read(Consumer<WeirListenerEndpointBuilder> settings) {
		WeirListenerEndpointBuilder builder = WeirListenerEndpoint.builder("prices")
			.topics("orders")
			.initialPosition(InitialPosition.EARLIEST)
			.reader((topic, reader) -> {
			})
			.listener((messages, acknowledgement) -> {
				synchronized (this.given) {
					this.given.add(text(messages.get(0)));
				}
				return failing(messages.get(0));
			});
		settings.accept(builder);
		this.container = container(builder.build());
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
	}

	private @Nullable CompletionStage<?> failing(Message<byte[]> message) {
		if (text(message).equals("poison")) {
			throw new IllegalStateException("planted");
		}
		if (text(message).equals("flaky") && this.broken) {
			this.broken = false;
			throw new IllegalStateException("planted");
		}
		return null;
	}

	private List<String> given() {
		synchronized (this.given) {
			return List.copyOf(this.given);
		}
	}

	private FakeConsumer<Object> reader(int index) {
		return this.client.readers.get(index);
	}

	@Test
	void messageThatWouldBeDeliveredAgainIsRetriedInPlaceBeforeAnythingElse() {
		read((reader) -> {
		});
		publish("a", "flaky", "b");
		await().untilAsserted(() -> assertThat(given()).containsExactly("a", "flaky", "flaky", "b"));
		assertThat(status().subscription()).isNull();
		assertThat(this.client.consumers).isEmpty();
	}

	@Test
	void messageThatFailsTenTimesMoreIsLeftOutAndTheReaderGoesOn() {
		read((reader) -> {
		});
		publish("poison", "b");
		await().untilAsserted(() -> assertThat(given()).endsWith("b"));
		assertThat(given()).hasSize(1 + ReaderSource.RETRIES + 1);
		assertThat(status().state()).isEqualTo(ListenerState.RUNNING);
		assertThat(status().failed()).isEqualTo(1 + ReaderSource.RETRIES);
	}

	@Test
	void messageThatNoFurtherTryWouldMendIsLeftOutAtOnce() {
		read((reader) -> reader.nonRetryable(new NonRetryableFailures(Set.of(IllegalStateException.class), Set.of())));
		publish("poison", "b");
		await().untilAsserted(() -> assertThat(given()).containsExactly("poison", "b"));
	}

	@Test
	void whatIsDecidedOtherwiseHoldsAsFarAsItCan() {
		Map<Decision, Integer> calls = Map.of(Decision.discard(), 1, Decision.deadLetter(), 1,
				Decision.retryInPlace(2, Duration.ZERO), 3,
				Decision.retryInPlace(1, Duration.ZERO, Decision.deadLetter()), 2);
		calls.forEach((decision, expected) -> {
			this.given.clear();
			this.client.readers.clear();
			this.errorHandler = (id, message, failure) -> decision;
			read((reader) -> {
			});
			publish("poison", "b");
			await().untilAsserted(() -> assertThat(given()).as(decision.toString()).endsWith("b"));
			assertThat(given()).as(decision.toString()).hasSize(expected + 1);
			stop();
		});
	}

	@Test
	void readerThatIsToStopIsDownAndGoesOnWithTheSameMessageWhenItIsStartedAgain() {
		this.errorHandler = (id, message, failure) -> Decision.stop();
		read((reader) -> {
		});
		MessageId first = this.client.publish("orders", "a");
		publish("flaky", "b");
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.FAILED));
		assertThat(status().failure()).contains("planted");
		assertThat(given()).containsExactly("a", "flaky");
		this.container.start();
		await().until(() -> this.client.readers.size() == 2);
		assertThat(reader(1).settings).containsEntry("resumeAfter", List.of(first));
		publish("flaky", "b");
		await().untilAsserted(() -> assertThat(given()).containsExactly("a", "flaky", "flaky", "b"));
	}

	@Test
	void readerThatIsLostGoesOnBehindWhatWasDone() {
		read((reader) -> {
		});
		assertThat(reader(0).settings).containsEntry("startAt", InitialPosition.EARLIEST)
			.containsEntry("resumeAfter", List.of());
		MessageId first = this.client.publish("orders", "a");
		await().untilAsserted(() -> assertThat(given()).containsExactly("a"));
		await().until(() -> reader(0).waiting() == 0);
		reader(0).fail(new WeirException(ErrorCode.CONNECTION_LOST, "planted"));
		await().until(() -> this.client.readers.size() == 2);
		assertThat(reader(0).closed).isTrue();
		assertThat(reader(1).settings).containsEntry("resumeAfter", List.of(first));
	}

	@Test
	void creationThatIsGivenUpLeavesNoReaderBehind() {
		this.client.broker = new CompletableFuture<>();
		this.container = container(WeirListenerEndpoint.builder("prices").topics("orders").reader((topic, reader) -> {
		}).listener(this::hear).build());
		this.container.start();
		await().until(() -> this.client.attempts.get() == 1);
		this.container.stop();
		this.client.broker.complete(null);
		assertThat(this.client.readers).allMatch((reader) -> reader.closed);
	}

	@Test
	void orderIsKeptWhateverIsSaidForAllListeners() {
		ListenerDefaults defaults = new ListenerDefaults(SubscriptionType.SHARED, 5, AckMode.MANUAL, true,
				Duration.ofSeconds(1), ConsumerSettings.NONE, NonRetryableFailures.DEFAULTS, 4);
		ContainerSettings settings = ContainerSettings
			.of(WeirListenerEndpoint.builder("prices").topics("orders").reader((topic, reader) -> {
			}).listener(this::hear).build(), defaults, this.errorHandler, this::hear, ListenerEvents.NONE);
		assertThat(settings.concurrency()).isOne();
		assertThat(settings.keyConcurrency()).isOne();
		assertThat(settings.ackMode()).isEqualTo(AckMode.RECORD);
	}

	static List<Consumer<WeirListenerEndpointBuilder>> refused() {
		return List.of((reader) -> reader.topics("orders.*"), (reader) -> reader.subscription("audit"),
				(reader) -> reader.subscriptionType(SubscriptionType.SHARED),
				(reader) -> reader.ackMode(AckMode.MANUAL), (reader) -> reader.concurrency(2),
				(reader) -> reader.consumer(new ConsumerSettings(null, null, Duration.ofSeconds(1), null,
						ConsumerSettings.NONE.deadLetter(), ConsumerSettings.NONE.backoff())),
				(reader) -> reader.consumer(new ConsumerSettings(null, null, null, null,
						new ConsumerSettings.DeadLetters(true, null, null), ConsumerSettings.NONE.backoff())));
	}

	@ParameterizedTest
	@MethodSource("refused")
	void whatIsAboutSubscriptionsIsRefusedNamingTheReader(Consumer<WeirListenerEndpointBuilder> setting) {
		WeirListenerEndpointBuilder builder = WeirListenerEndpoint.builder("prices")
			.topics("orders")
			.reader((topic, reader) -> {
			})
			.listener(this::hear);
		assertThat(builder.isReader()).isTrue();
		setting.accept(builder);
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(builder::build)
			.withMessageStartingWith("Reader 'prices' has ");
	}

	@Test
	void messageCannotBeGivenBack() {
		ReaderSource source = new ReaderSource(
				this.client.reader(Schema.bytes()).topic("orders").startAt(InitialPosition.EARLIEST).create(),
				new ReadProgress(), ConsumerSettings.NONE.backoff().rule());
		Message<byte[]> message = new FakeMessage<>(FakeMessage.id(1), "orders", null, Headers.empty(), new byte[0],
				Schema.bytes(), 0);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> source.negativeAcknowledge(message))
			.withMessageContaining("throw an exception");
	}

}
