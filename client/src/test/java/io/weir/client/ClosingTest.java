package io.weir.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.client.internal.fakes.LogCapture;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** How clients end, and what they say of it. */
@Timeout(60)
class ClosingTest {

	/** Nobody listens there. */
	private static final String NO_BROKER = "weir://127.0.0.1:1";

	@Test
	void oneWarningSaysWhatIsGivenUp() {
		try (LogCapture log = new LogCapture(DefaultWeirClient.class)) {
			WeirClient client = WeirClient.builder().serviceUrl(NO_BROKER).name("shop").insecure().build();
			List<CompletableFuture<MessageId>> sent = IntStream.range(0, 12)
				.mapToObj((number) -> client.producer(Schema.string())
					.topic("t" + number)
					.createLazily()
					.sendAsync("lost"))
				.toList();
			// So that it does not wait for the broker.
			Thread.currentThread().interrupt();
			client.close();
			assertThat(Thread.interrupted()).isTrue();
			assertThat(sent).allMatch(CompletableFuture::isCompletedExceptionally);
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN Client 'shop'")
				.contains("1 message to topic 't", "and of 2 others");
		}
	}

	@Test
	void clientThatHasNothingUnfinishedSaysNothing() {
		try (LogCapture log = new LogCapture(DefaultWeirClient.class);
				Broker broker = Broker.builder().port(0).build().start()) {
			try (WeirClient client = client(broker)) {
				client.producer(Schema.string()).topic("t").create().sendAsync("the last");
				client.consumer(Schema.string()).topic("t").subscription("s").subscribe();
			}
			assertThat(broker.topics().get(0).messagesIn()).isEqualTo(1);
			assertThat(log.lines()).isEmpty();
		}
	}

	@Test
	void producersConsumersAndReadersCanBeClosedInACallback() throws Exception {
		try (Broker broker = Broker.builder().port(0).build().start(); WeirClient client = client(broker)) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").create();
			Consumer<String> consumer = client.consumer(Schema.string()).topic("t").subscription("s").subscribe();
			Reader<String> reader = client.reader(Schema.string())
				.topic("t")
				.startAt(InitialPosition.EARLIEST)
				.create();
			producer.sendAsync("a")
				.thenCompose((id) -> CompletableFuture.allOf(producer.closeAsync(), consumer.closeAsync(),
						reader.closeAsync()))
				.get(30, TimeUnit.SECONDS);
			assertThat(producer.sendAsync("b")).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.withMessageContaining(ErrorCode.CLOSED.name());
			assertThat(consumer.isConnected()).isFalse();
			assertThat(reader.isConnected()).isFalse();
		}
	}

	@Test
	void whoCancelsTheWaitForTheEndChangesNothing() throws Exception {
		try (Broker broker = Broker.builder().port(0).build().start(); WeirClient client = client(broker)) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").create();
			producer.closeAsync().cancel(false);
			producer.closeAsync().get(30, TimeUnit.SECONDS);
		}
	}

	@Test
	void callOfAListenerThatDoesNotEndIsTold() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		try (LogCapture log = new LogCapture(DefaultWeirClient.class);
				Broker broker = Broker.builder().port(0).build().start()) {
			WeirClient client = client(broker);
			client.consumer(Schema.string()).topic("t").subscription("s").messageListener((consumer, message) -> {
				called.countDown();
				awaitUninterruptibly(end);
			}).subscribe();
			client.producer(Schema.string()).topic("t").create().send("a");
			called.await();
			Thread.currentThread().interrupt();
			client.close();
			assertThat(Thread.interrupted()).isTrue();
			assertThat(log.lines()).singleElement().asString().contains("a call of the listener of");
		}
		finally {
			end.countDown();
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static WeirClient client(Broker broker) {
		return WeirClient.builder().serviceUrl(broker.serviceUrl()).insecure().build();
	}

}
