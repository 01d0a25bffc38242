package io.weir.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.Broker;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** A producer that the broker gets to know when it is used, against a real broker. */
@Timeout(120)
class LazyProducerTest {

	private static final Logger logger = LoggerFactory.getLogger(LazyProducerTest.class);

	private static final Duration SOON = Duration.ofSeconds(60);

	private final InMemory memory = new InMemory();

	private final Broker broker = this.memory.broker().start();

	private final WeirClient client = this.memory.client(this.broker).build();

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	private ProducerBuilder<String> producer() {
		return this.client.producer(Schema.string()).topic("t");
	}

	@Test
	void thousandsOfThreadsMaySendAtOnceToANewTopic() throws Exception {
		ExecutorService threads = virtualThreads();
		int count = (threads != null) ? 5000 : 1500;
		logger.info("{} threads", count);
		threads = (threads != null) ? threads : Executors.newCachedThreadPool();
		try (Producer<String> producer = producer().createLazily()) {
			List<Future<MessageId>> sent = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				String value = "m" + i;
				sent.add(threads.submit(() -> producer.send(value)));
			}
			Set<MessageId> ids = new HashSet<>();
			for (Future<MessageId> one : sent) {
				ids.add(one.get(SOON.toSeconds(), TimeUnit.SECONDS));
			}
			assertThat(ids).hasSize(count);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static ExecutorService virtualThreads() {
		try {
			return (ExecutorService) MethodHandles.publicLookup()
				.findStatic(Executors.class, "newVirtualThreadPerTaskExecutor",
						MethodType.methodType(ExecutorService.class))
				.invoke();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	@Test
	void nothingIsAskedOfTheBrokerBeforeTheFirstMessage() {
		try (Producer<String> producer = producer().name("mine").createLazily()) {
			assertThat(producer.pending()).isZero();
			assertThat(producer.name()).isEqualTo("mine");
			producer.flush();
			assertThat(producer.flushAsync()).isCompleted();
			// Nobody of this name is there yet.
			producer().name("mine").create().close();
			producer.send("a");
		}
	}

	@Test
	void refusalFailsWhatWaitsAndTheNextMessageAsksAgain() {
		Producer<String> owner = producer().name("mine").create();
		try (Producer<String> producer = producer().name("mine").createLazily()) {
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> producer.send("a"))
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.PRODUCER_BUSY);
			owner.close();
			producer.send("b");
			assertThat(producer.message("c").key("k").sendAsync()).succeedsWithin(SOON);
		}
	}

	@Test
	void closedProducerRefusesUsedOrNot() {
		Producer<String> used = producer().createLazily();
		used.send("a");
		Producer<String> unused = producer().createLazily();
		for (Producer<String> producer : List.of(used, unused)) {
			producer.close();
			producer.close();
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> producer.send("b"))
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.CLOSED);
			assertThat(producer.sendAsync("c")).isCompletedExceptionally();
		}
	}

	@Test
	void closingTheClientEndsIt() {
		Producer<String> producer = producer().createLazily();
		producer.send("a");
		this.client.close();
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> producer.send("b"))
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.CLOSED);
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> producer().createLazily().send("b"))
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.CLOSED);
	}

	@Test
	void senderThatIsInterruptedTakesItsMessageBack() throws Exception {
		try (WeirClient lonely = WeirClient.builder().serviceUrl("weir://127.0.0.1:9").build();
				Producer<String> producer = lonely.producer(Schema.string()).topic("t").maxPending(1).createLazily()) {
			CompletableFuture<WeirException> failure = new CompletableFuture<>();
			CompletableFuture<MessageId> first = producer.sendAsync("has the only room");
			Thread sender = new Thread(() -> {
				try {
					producer.send("waits for room");
				}
				catch (WeirException ex) {
					failure.complete(ex);
				}
			});
			sender.start();
			await().until(() -> producer.pending() == 2);
			sender.interrupt();
			assertThat(failure).succeedsWithin(SOON).extracting(WeirException::code).isEqualTo(ErrorCode.INTERRUPTED);
			await().until(() -> producer.pending() == 1);
			assertThat(first.cancel(false)).isTrue();
		}
	}

}
