package io.weir.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import io.weir.broker.Broker;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** What a listener is given by a real broker, and how it ends. */
@Timeout(60)
class MessageListenerTest {

	private static final Duration SOON = Duration.ofSeconds(20);

	private final Logger logger = (Logger) LoggerFactory.getLogger(Listening.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final InMemory memory = new InMemory();

	private final Broker broker = this.memory.broker();

	private WeirClient client;

	private Producer<String> producer;

	@BeforeEach
	void start() {
		this.logger.setAdditive(false);
		this.log.list = new CopyOnWriteArrayList<>();
		this.log.start();
		this.logger.addAppender(this.log);
		this.broker.start();
		this.client = client();
		this.producer = this.client.producer(Schema.string()).topic("t").create();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
		this.logger.detachAppender(this.log);
		this.logger.setAdditive(true);
		await().atMost(SOON).untilAsserted(() -> assertThat(listenerThreads()).isEmpty());
	}

	private WeirClient client() {
		return this.memory.client(this.broker).name("listening").build();
	}

	private static List<String> listenerThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.contains("-consumer-"))
			.toList();
	}

	private ConsumerBuilder<String> consumer() {
		return this.client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST);
	}

	private Consumer<String> listen(MessageListener<String> listener) {
		return consumer().messageListener(listener).subscribe();
	}

	/** What the subscription has not done with. */
	private List<String> left(int count) {
		try (WeirClient other = client();
				Consumer<String> next = other.consumer(Schema.string()).topic("t").subscription("s").subscribe()) {
			List<String> left = new ArrayList<>();
			next.batchReceive(count, SOON).forEach((message) -> left.add(message.value()));
			Message<String> more = next.receive(Duration.ZERO);
			assertThat(more).isNull();
			return left;
		}
	}

	private List<String> logged() {
		return this.log.list.stream()
			.filter((event) -> event.getLevel() == Level.ERROR)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	@Test
	void listenerIsGivenAllMessagesOneAfterTheOtherInOrderOnItsOwnThread() {
		Set<Thread> threads = ConcurrentHashMap.newKeySet();
		AtomicInteger calls = new AtomicInteger();
		List<CompletableFuture<?>> sent = new ArrayList<>();
		List<String> expected = new ArrayList<>();
		Consumer<String> consumer = consumer().receiverQueueSize(10).messageListener((self, message) -> {
			threads.add(Thread.currentThread());
			this.received.add((calls.incrementAndGet() == 1) ? message.value() : "overlapping " + message.value());
			self.acknowledge(message);
			calls.decrementAndGet();
		}).subscribe();
		for (int i = 0; i < 500; i++) {
			expected.add("message " + i);
			sent.add(this.producer.sendAsync("message " + i));
		}
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).orTimeout(20, TimeUnit.SECONDS).join();
		await().atMost(SOON).until(() -> this.received.size() >= 500);
		assertThat(this.received).isEqualTo(expected);
		assertThat(threads).singleElement().satisfies((thread) -> {
			assertThat(thread.getName()).isEqualTo("weir-client-listening-consumer-s");
			assertThat(thread.isDaemon()).isTrue();
		});
		consumer.close();
		this.producer.send("after the end");
		assertThat(left(1)).containsExactly("after the end");
		assertThat(this.received).hasSize(500);
	}

	@Test
	void onlyWhatTheListenerAcknowledgesIsAcknowledged() {
		Consumer<String> consumer = listen((self, message) -> {
			if (message.value().equals("done")) {
				self.acknowledge(message);
			}
			this.received.add(message.value());
		});
		List.of("kept", "done", "kept too").forEach(this.producer::send);
		await().atMost(SOON).until(() -> this.received.size() == 3);
		consumer.close();
		assertThat(left(2)).containsExactly("kept", "kept too");
	}

	static Stream<Throwable> failures() {
		return Stream.of(new IllegalStateException("planted"), new AssertionError("planted"),
				new StackOverflowError("planted"), new NoClassDefFoundError("planted"),
				new OutOfMemoryError("planted"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void messageOnWhichTheListenerFailsIsGivenAgainAndOthersGoOn(Throwable failure) {
		listen((self, message) -> {
			this.received.add(message.value() + " " + message.redeliveryCount());
			if (message.value().equals("bad") && message.redeliveryCount() == 0) {
				Thread.currentThread().interrupt();
				MessageListenerTest.<RuntimeException>sneakyThrow(failure);
			}
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
			self.acknowledge(message);
		});
		List.of("bad", "good").forEach(this.producer::send);
		await().atMost(SOON).until(() -> this.received.size() == 3);
		assertThat(this.received).containsExactlyInAnyOrder("bad 0", "good 0", "bad 1").startsWith("bad 0");
		assertThat(logged()).singleElement()
			.asString()
			.contains("subscription 's'", "topic 't'", "delivery 1", "is delivered again now", "planted");
	}

	@Test
	void failureThatCannotBePrintedGivesTheMessageBackAndOthersGoOn() {
		listen((self, message) -> {
			this.received.add(message.value() + " " + message.redeliveryCount());
			if (message.value().equals("bad") && message.redeliveryCount() == 0) {
				throw new Unprintable();
			}
			self.acknowledge(message);
		});
		List.of("bad", "good").forEach(this.producer::send);
		await().atMost(SOON).until(() -> this.received.size() == 3);
		assertThat(this.received).containsExactlyInAnyOrder("bad 0", "good 0", "bad 1");
		assertThat(logged()).singleElement().asString().contains("is delivered again now", Unprintable.class.getName());
	}

	private static final class Unprintable extends RuntimeException {

		private static final long serialVersionUID = 1;

		@Override
		public String getMessage() {
			throw new IllegalStateException("No message, on purpose");
		}

	}

	@Test
	void backoffThatFailsStopsNoListener() {
		consumer().negativeAckRedeliveryBackoff((redeliveryCount) -> {
			throw new AssertionError("planted");
		}).messageListener((self, message) -> {
			this.received.add(message.value() + " " + message.redeliveryCount());
			if (message.value().equals("bad") && message.redeliveryCount() == 0) {
				throw new IllegalStateException("planted");
			}
			self.acknowledge(message);
		}).subscribe();
		List.of("bad", "good").forEach(this.producer::send);
		await().atMost(SOON).until(() -> this.received.size() == 3);
		assertThat(this.received).containsExactlyInAnyOrder("bad 0", "good 0", "bad 1");
	}

	@Test
	void listenerThatAlwaysFailsFillsNoLog() {
		listen((self, message) -> {
			this.received.add(message.value());
			throw new IllegalStateException("planted");
		});
		this.producer.send("bad");
		await().atMost(SOON).until(() -> this.received.size() > 30);
		assertThat(logged()).hasSizeLessThan(25).hasSizeGreaterThan(9);
		assertThat(this.log.list.stream().filter((event) -> event.getThrowableProxy() != null)).hasSize(1);
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneakyThrow(Throwable failure) throws T {
		throw (T) failure;
	}

	@Test
	void consumerWithAListenerRefusesToReceive() {
		Consumer<String> consumer = listen((self, message) -> {
		});
		assertThatIllegalStateException().isThrownBy(consumer::receive).withMessageContaining("message listener");
		assertThatIllegalStateException().isThrownBy(() -> consumer.receive(Duration.ZERO));
		assertThatIllegalStateException().isThrownBy(consumer::receiveAsync);
		assertThatIllegalStateException().isThrownBy(() -> consumer.batchReceive(1, Duration.ZERO));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void listenerMayCloseItsConsumerAndItsClient(boolean client) {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		WeirClient own = client();
		own.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.messageListener((self, message) -> {
				self.acknowledge(message);
				if (client) {
					own.close();
				}
				else {
					self.close();
				}
				this.received.add(message.value());
				closed.complete(null);
			})
			.subscribe();
		List.of("a", "b").forEach(this.producer::send);
		assertThat(closed).succeedsWithin(SOON);
		await().atMost(SOON).untilAsserted(() -> assertThat(listenerThreads()).isEmpty());
		assertThat(this.received).containsExactly("a");
		assertThat(left(1)).containsExactly("b");
		own.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void closeWaitsForTheCallUnderWayAndSendsWhatItAcknowledges(boolean client) {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch going = new CountDownLatch(1);
		WeirClient own = client();
		Consumer<String> consumer = own.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.messageListener((self, message) -> {
				this.received.add(message.value());
				called.countDown();
				awaitUninterrupted(going);
				self.acknowledge(message);
			})
			.subscribe();
		List.of("a", "b").forEach(this.producer::send);
		awaitUninterrupted(called);
		CompletableFuture<Void> closed = CompletableFuture.runAsync(client ? own::close : consumer::close);
		await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> !closed.isDone());
		going.countDown();
		assertThat(closed).succeedsWithin(SOON);
		assertThat(logged()).isEmpty();
		assertThat(this.received).containsExactly("a");
		assertThat(left(1)).containsExactly("b");
		own.close();
	}

	@Test
	void closeDoesNotWaitForEverForACallThatDoesNotEnd() {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch ended = new CountDownLatch(1);
		Consumer<String> consumer = listen((self, message) -> {
			called.countDown();
			awaitUninterrupted(ended);
		});
		List.of("a", "b").forEach(this.producer::send);
		awaitUninterrupted(called);
		consumer.close();
		assertThat(left(2)).containsExactly("a", "b");
		ended.countDown();
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Nobody should interrupt a listener", ex);
		}
	}

}
