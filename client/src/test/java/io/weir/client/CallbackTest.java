package io.weir.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.broker.Broker;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.transport.NonBlocking;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What callbacks may do, against a real broker. */
@Timeout(60)
class CallbackTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final InMemory memory = new InMemory();

	private static final Broker broker = memory.broker();

	private final List<WeirClient> clients = new ArrayList<>();

	@BeforeAll
	static void start() {
		broker.start();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	@AfterEach
	void close() {
		this.clients.forEach(WeirClient::close);
	}

	/** What a callback may hang on. */
	enum Asynchronous {

		SEND, FLUSH, RECEIVE, ACKNOWLEDGE, SEEK, UNSUBSCRIBE, CREATE_PRODUCER, SUBSCRIBE, CREATE_READER, CONNECTED,
		CONNECTION_LISTENER

	}

	/** What a callback may wait for. */
	enum Blocking {

		SEND, JOIN_SEND, FLUSH, JOIN_FLUSH, CLOSE_PRODUCER, RECEIVE, JOIN_ACKNOWLEDGE, SEEK, CLOSE_CONSUMER,
		CREATE_PRODUCER, SUBSCRIBE, JOIN_SUBSCRIBE, CLOSE_CLIENT, JOIN_DEPENDENT, JOIN_ALL

	}

	/** These are joined through futures of the JDK alone. */
	private static final Set<Blocking> SEEN_LATE = EnumSet.of(Blocking.JOIN_DEPENDENT, Blocking.JOIN_ALL);

	static Stream<Arguments> combinations() {
		return Arrays.stream(Asynchronous.values())
			.flatMap((stage) -> Arrays.stream(Blocking.values()).map((call) -> Arguments.of(stage, call)));
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void callbackMayWaitForTheClient(Asynchronous stage, Blocking call) throws Exception {
		callbackWaits(builder(), stage, call);
	}

	@ParameterizedTest
	@EnumSource(Blocking.class)
	void callbackMayWaitForTheClientOnTheOnlyThreadOfAnExecutor(Blocking call) throws Exception {
		if (!SEEN_LATE.contains(call)) {
			ExecutorService one = Executors.newSingleThreadExecutor();
			try {
				callbackWaits(builder().callbackExecutor(one), Asynchronous.SEND, call);
			}
			finally {
				one.shutdownNow();
			}
		}
	}

	private void callbackWaits(WeirClientBuilder builder, Asynchronous stage, Blocking call) throws Exception {
		Parts parts = new Parts(builder, stage, call);
		parts.called(stage, call).get(SOON.toSeconds(), TimeUnit.SECONDS);
		if (call != Blocking.CLOSE_CLIENT) {
			parts.other.send("goes on");
			assertThat(parts.client.state()).isEqualTo(ConnectionState.READY);
		}
	}

	@ParameterizedTest
	@EnumSource(Blocking.class)
	void whatWouldBlockAnEventLoopIsRefusedAtOnceAndSaysWhatToUse(Blocking call) throws Exception {
		if (SEEN_LATE.contains(call)) {
			return;
		}
		Parts parts = new Parts(builder().callbackExecutor(Runnable::run), Asynchronous.RECEIVE, call);
		CompletableFuture<?> called = parts.called(Asynchronous.RECEIVE, call);
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> called.get(SOON.toSeconds(), TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOf(IllegalStateException.class)
			.withMessageContaining("must not wait")
			.withMessageContaining("Use ")
			.withMessageContaining("callbackExecutor");
		assertThat(parts.client.state()).isEqualTo(ConnectionState.READY);
		parts.other.send("goes on");
	}

	private WeirClientBuilder builder() {
		return memory.client(broker);
	}

	/** A client with something to do on a topic of its own. */
	private final class Parts {

		private final String topic = "t-" + System.nanoTime();

		private final CompletableFuture<Thread> listener = new CompletableFuture<>();

		private final AtomicReference<Runnable> told = new AtomicReference<>(() -> {
		});

		private final WeirClient client;

		private final Producer<String> producer;

		private final Producer<String> other;

		private final Consumer<String> consumer;

		private final Message<String> message;

		/** Gets its first message when the callback is there. */
		private final Consumer<String> waiting;

		Parts(WeirClientBuilder builder, Asynchronous stage, Blocking call) {
			if (stage == Asynchronous.CONNECTION_LISTENER) {
				builder.connectionListener((connection) -> {
					if (connection.state() == ConnectionState.DRAINING
							|| connection.state() == ConnectionState.BACKING_OFF) {
						this.told.get().run();
					}
				});
			}
			this.client = builder.build();
			CallbackTest.this.clients.add(this.client);
			this.producer = producer(this.topic);
			this.other = producer(this.topic + "-other");
			this.consumer = consumer(this.topic);
			this.waiting = consumer(this.topic + "-other");
			this.producer.send("1");
			this.producer.send("2");
			this.message = this.consumer.receive();
		}

		private Producer<String> producer(String topic) {
			return this.client.producer(Schema.string()).topic(topic).create();
		}

		private Consumer<String> consumer(String topic) {
			return subscription(topic).subscribe();
		}

		private ConsumerBuilder<String> subscription(String topic) {
			return this.client.consumer(Schema.string())
				.topic(topic)
				.subscription("s-" + System.nanoTime())
				.initialPosition(InitialPosition.EARLIEST);
		}

		/** Has the call made in a callback of the stage. */
		CompletableFuture<?> called(Asynchronous stage, Blocking call) {
			if (stage == Asynchronous.CONNECTION_LISTENER) {
				return calledByListener(call);
			}
			CompletionStage<?> begun = begin(stage);
			CompletableFuture<Void> called = begun.thenRun(() -> {
				if (Thread.currentThread() instanceof NonBlocking && stage != Asynchronous.RECEIVE) {
					throw new AssertionError("On " + Thread.currentThread());
				}
				block(call);
			}).toCompletableFuture();
			if (stage == Asynchronous.RECEIVE) {
				this.other.sendAsync("for the one who waits");
			}
			return called;
		}

		private CompletableFuture<?> calledByListener(Blocking call) {
			CompletableFuture<Void> called = new CompletableFuture<>();
			this.told.set(() -> {
				try {
					block(call);
					called.complete(null);
				}
				catch (Throwable ex) {
					called.completeExceptionally(ex);
				}
			});
			((DefaultWeirClient) this.client).connectionManagers()
				.managers()
				.forEach((manager) -> manager.state().session().connection().close(ErrorCode.NONE, "by the test"));
			return called;
		}

		private CompletionStage<?> begin(Asynchronous stage) {
			return switch (stage) {
				case SEND -> this.producer.sendAsync("a");
				case FLUSH -> {
					this.producer.sendAsync("a");
					yield this.producer.flushAsync();
				}
				case RECEIVE -> this.waiting.receiveAsync();
				case ACKNOWLEDGE -> this.consumer.acknowledgeAsync(this.message.id());
				case SEEK -> this.consumer.seekAsync(this.message.id());
				case UNSUBSCRIBE -> this.waiting.unsubscribeAsync();
				case CREATE_PRODUCER -> this.client.producer(Schema.string()).topic(this.topic).createAsync();
				case SUBSCRIBE -> subscription(this.topic).subscribeAsync();
				case CREATE_READER -> this.client.reader(Schema.string())
					.topic(this.topic)
					.startAt(InitialPosition.EARLIEST)
					.createAsync();
				case CONNECTED -> {
					WeirClient fresh = builder().build();
					CallbackTest.this.clients.add(fresh);
					yield fresh.connected();
				}
				case CONNECTION_LISTENER -> this.listener;
			};
		}

		private void block(Blocking call) {
			switch (call) {
				case SEND -> this.producer.send("b");
				case JOIN_SEND -> this.producer.sendAsync("b").join();
				case FLUSH -> this.producer.flush();
				case JOIN_FLUSH -> {
					this.producer.sendAsync("b");
					this.producer.flushAsync().join();
				}
				case CLOSE_PRODUCER -> this.producer.close();
				case RECEIVE -> assertThat(this.consumer.receive(SOON)).isNotNull();
				case JOIN_ACKNOWLEDGE -> this.consumer.acknowledgeAsync(this.message.id()).join();
				case SEEK -> this.consumer.seek(this.message.id());
				case CLOSE_CONSUMER -> this.consumer.close();
				case CREATE_PRODUCER -> producer(this.topic).send("c");
				case SUBSCRIBE -> assertThat(consumer(this.topic).receive(SOON)).isNotNull();
				case JOIN_SUBSCRIBE -> subscription(this.topic).subscribeAsync().join();
				case CLOSE_CLIENT -> this.client.close();
				case JOIN_DEPENDENT -> this.producer.sendAsync("b").thenApply(MessageId::toString).join();
				case JOIN_ALL ->
					CompletableFuture
						.allOf(this.producer.sendAsync("b"), this.producer.sendAsync("c"),
								this.consumer.acknowledgeAsync(this.message.id()))
						.join();
			}
		}

	}

	@Test
	void callbackThatNeverReturnsHoldsUpNobodyButItself() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		try (WeirClient client = builder().build()) {
			Producer<String> producer = client.producer(Schema.string()).topic("hangs").create();
			Producer<String> other = client.producer(Schema.string()).topic("hangs").create();
			hangACallback(producer, never);
			producer.send("b");
			assertThat(other.sendAsync("c").thenApply((id) -> "told")).succeedsWithin(SOON);
			assertThat(producer.sendAsync("d").thenApply((id) -> "told")).succeedsWithin(SOON);
			assertThat(client.state()).isEqualTo(ConnectionState.READY);
		}
		finally {
			never.countDown();
		}
	}

	@Test
	void timeOutsAreToldWhileCallbacksHang() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		Broker mortal = memory.broker().start();
		try (WeirClient client = memory.client(mortal).build()) {
			Producer<String> producer = client.producer(Schema.string())
				.topic("hangs")
				.sendTimeout(Duration.ofSeconds(1))
				.create();
			hangACallback(producer, never);
			mortal.close();
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> producer.send("b"))
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.TIMEOUT);
			assertThat(producer.sendAsync("c").handle((id, failure) -> WeirException.from(failure).code()))
				.succeedsWithin(SOON)
				.isEqualTo(ErrorCode.TIMEOUT);
			await().atMost(SOON).until(() -> client.state() != ConnectionState.READY);
		}
		finally {
			never.countDown();
			mortal.close();
		}
	}

	/**
	 * Returns when a callback hangs. What is over before its callback is attached calls
	 * it on the thread that attaches it, as every future does: then another one is tried.
	 */
	private static void hangACallback(Producer<String> producer, CountDownLatch never) throws InterruptedException {
		Thread here = Thread.currentThread();
		AtomicBoolean late = new AtomicBoolean();
		do {
			late.set(false);
			CountDownLatch begun = new CountDownLatch(1);
			producer.sendAsync("a").whenComplete((id, failure) -> {
				late.set(Thread.currentThread() == here);
				begun.countDown();
				if (!late.get()) {
					awaitUninterruptibly(never);
				}
			});
			assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		while (late.get());
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void callbackThatThrowsHarmsNoOther() {
		try (WeirClient client = builder().build()) {
			Producer<String> producer = client.producer(Schema.string()).topic("throws").create();
			CompletableFuture<Void> thrown = producer.sendAsync("a").thenRun(() -> {
				throw new StackOverflowError("thrown by the test");
			});
			assertThat(producer.sendAsync("b").thenApply((id) -> "told")).succeedsWithin(SOON);
			await().atMost(SOON).until(thrown::isCompletedExceptionally);
		}
	}

	@Test
	void executorThatRefusesLosesNoCallback() {
		ExecutorService closed = Executors.newSingleThreadExecutor();
		closed.shutdown();
		try (WeirClient client = builder().callbackExecutor(closed).build()) {
			Producer<String> producer = client.producer(Schema.string()).topic("refuses").create();
			assertThat(producer.sendAsync("a").thenApply((id) -> "told")).succeedsWithin(SOON);
		}
	}

}
