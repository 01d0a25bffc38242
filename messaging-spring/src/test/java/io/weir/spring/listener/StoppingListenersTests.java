package io.weir.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import io.weir.spring.AckMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How listeners end together, and how one ends alone. */
@Timeout(60)
@ExtendWith(CapturedLog.class)
class StoppingListenersTests extends ListenerContainerFixture {

	private final WeirListenerRegistry registry = new WeirListenerRegistry();

	private final CountDownLatch end = new CountDownLatch(1);

	@AfterEach
	void letThemEnd() {
		this.client.end.complete(null);
		this.end.countDown();
	}

	@Test
	void listenersThatDoNotFinishAreToldOfInOneLineAndTheirConsumersAreLeftToTheClient(CapturedLog log) {
		this.client.end = new CompletableFuture<>();
		this.shutdownTimeout = Duration.ZERO;
		register("billing");
		register("shipping");
		publishToAll();
		this.registry.stop();
		assertThat(this.client.consumers).hasSize(2).allMatch((consumer) -> consumer.closed);
		assertThat(log.toString().lines().filter((line) -> line.contains("did not finish"))).singleElement()
			.asString()
			.contains("'billing' (1 of its 1 threads", "'shipping' (1 of its 1 threads");
	}

	@Test
	void consumersOfListenersThatFinishAreLeftToTheClient(CapturedLog log) {
		this.client.end = new CompletableFuture<>();
		register("billing");
		this.registry.stop();
		assertThat(consumer().closed).isTrue();
		assertThat(log.toString()).doesNotContain("did not finish");
	}

	@Test
	void listenerThatHasStoppedSaysHowManyMessagesItWasGiven(CapturedLog log) {
		Logger logger = (Logger) LoggerFactory.getLogger(WeirListenerContainer.class);
		logger.setLevel(Level.INFO);
		try {
			this.end.countDown();
			register("billing");
			publishToAll();
			await().until(() -> this.registry.getContainer("billing").getStatus().received() == 1);
			this.registry.stop();
			assertThat(log.toString())
				.contains("Listener 'billing' has stopped; of the 1 messages that it was given so far it failed on 0");
		}
		finally {
			logger.setLevel(null);
		}
	}

	@Test
	void listenerThatHasStoppedSaysHowManyMessagesAreGivenBackUndecided(CapturedLog log) {
		Logger logger = (Logger) LoggerFactory.getLogger(WeirListenerContainer.class);
		logger.setLevel(Level.INFO);
		try {
			this.errorHandler = (id, message, failure) -> WeirErrorHandler.Decision.retryInPlace(1,
					Duration.ofHours(1));
			start(AckMode.MANUAL, false, (messages, acknowledgement) -> {
				hear(messages, acknowledgement);
				switch (text(messages.get(0))) {
					case "done" -> acknowledgement.acknowledge();
					case "given back" -> acknowledgement.negativeAcknowledge();
					case "failed" -> throw new IllegalStateException("planted");
					default -> logger.debug("Nobody decides");
				}
				return null;
			});
			publish("done", "given back", "forgotten", "failed", "never given");
			await().until(() -> status().failed() == 1);
			assertThat(status().givenBack()).isZero();
			this.container.stop();
			assertThat(status().givenBack()).isEqualTo(2);
			assertThat(log.toString()).containsPattern("it failed on 1, and 2 are given back undecided");
		}
		finally {
			logger.setLevel(null);
		}
	}

	@Test
	void listenerThatIsLeftBehindSaysWhatItStillHas(CapturedLog log) {
		Logger logger = (Logger) LoggerFactory.getLogger(WeirListenerContainer.class);
		logger.setLevel(Level.INFO);
		try {
			this.client.end.complete(null);
			this.shutdownTimeout = Duration.ZERO;
			register("billing");
			publishToAll();
			this.registry.stop();
			assertThat(log.toString())
				.contains("messages that it was given so far it failed on 0, and 1 are given back");
		}
		finally {
			logger.setLevel(null);
		}
	}

	@Test
	void whoStopsOneListenerWaitsForItsConsumerToClose() {
		this.client.end = new CompletableFuture<>();
		WeirListenerContainer billing = register("billing");
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		billing.stop(() -> stopped.complete(null));
		await().until(() -> consumer().closed && !billing.isRunning());
		assertThat(stopped).isNotDone();
		this.client.end.complete(null);
		stopped.join();
	}

	@Test
	void subscriptionThatIsUnderWayIsGivenUp() {
		this.client.broker = new CompletableFuture<>();
		WeirListenerContainer billing = container("billing");
		this.registry.register(billing);
		this.registry.start();
		await().until(() -> this.client.attempts.get() == 1);
		this.registry.stop();
		this.client.broker.complete(null);
		assertThat(this.client.consumers).isEmpty();
	}

	private WeirListenerContainer register(String id) {
		WeirListenerContainer registered = container(id);
		this.registry.register(registered);
		this.registry.start();
		await().until(() -> registered.getStatus().state() == ListenerState.RUNNING);
		return registered;
	}

	private WeirListenerContainer container(String id) {
		return container(WeirListenerEndpoint.builder(id).topics(id).listener((messages, acknowledgement) -> {
			hear(messages, acknowledgement);
			awaitTheEnd();
			return null;
		}).build());
	}

	private void publishToAll() {
		this.client.consumers.forEach((consumer) -> this.client.publish(consumer.topic(), "a"));
		await().until(() -> this.heard.size() == this.client.consumers.size());
	}

	/** Deaf to interrupts. */
	private void awaitTheEnd() {
		boolean ended = false;
		while (!ended) {
			try {
				this.end.await();
				ended = true;
			}
			catch (InterruptedException ex) {
				Thread.interrupted();
			}
		}
	}

}
