package io.weir.client.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.weir.client.Consumer;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

/**
 * Receives, and acknowledges most messages at once, some later, and gives some back; now
 * and then another consumer takes its place.
 */
final class ConsumingThread extends Thread {

	private static final AtomicInteger NUMBERS = new AtomicInteger();

	private static final Duration IDLE = Duration.ofMillis(100);

	private static final int HELD = 20;

	private final List<Message<String>> held = new ArrayList<>();

	private final Scenario.Plan plan;

	private final WeirClient client;

	private final Recorder recorder;

	private final Random random;

	private volatile boolean replace;

	private volatile boolean stopped;

	private int number;

	ConsumingThread(Scenario.Plan plan, WeirClient client, Recorder recorder, long seed) {
		super("consumer of " + plan.subscription());
		setDaemon(true);
		this.plan = plan;
		this.client = client;
		this.recorder = recorder;
		this.random = new Random(seed);
	}

	/** Another consumer takes the place of the present one. */
	void replace() {
		this.replace = true;
	}

	void end() {
		this.stopped = true;
	}

	@Override
	public void run() {
		try {
			while (!this.stopped) {
				this.replace = false;
				this.held.clear();
				try (Consumer<String> consumer = subscribe()) {
					while (consumer != null && !this.replace && !this.stopped) {
						receive(consumer);
					}
				}
			}
		}
		catch (RuntimeException ex) {
			this.recorder.failed(ex);
		}
	}

	/** Nothing if the broker refuses until the end. */
	private @Nullable Consumer<String> subscribe() {
		this.number = NUMBERS.incrementAndGet();
		this.recorder.add(new Event.Subscribed(this.plan.subscription(), this.plan.order(), this.number));
		while (!this.stopped) {
			try {
				return this.client.consumer(Schema.string())
					.topic(Scenario.TOPIC)
					.subscription(this.plan.subscription())
					.subscriptionType(this.plan.type())
					.initialPosition(InitialPosition.EARLIEST)
					.receiverQueueSize(200)
					.subscribe();
			}
			catch (WeirException ex) {
				// The broker may not know yet that the consumer before this one is gone.
				if (!ex.retryable()) {
					throw ex;
				}
			}
		}
		return null;
	}

	private void receive(Consumer<String> consumer) {
		Message<String> message = consumer.receive(IDLE);
		if (message == null) {
			acknowledgeHeld(consumer);
			return;
		}
		this.recorder
			.add(new Event.Received(this.plan.subscription(), this.number, Recorder.read(message), message.id()));
		int dice = this.random.nextInt(100);
		if (dice < 3) {
			this.recorder.add(new Event.GivenBack(this.number, message.id()));
			consumer.negativeAcknowledge(message);
		}
		else if (dice < 15) {
			this.held.add(message);
			if (this.held.size() > HELD) {
				acknowledgeHeld(consumer);
			}
		}
		else {
			acknowledge(consumer, message);
		}
	}

	private void acknowledgeHeld(Consumer<String> consumer) {
		this.held.forEach((message) -> acknowledge(consumer, message));
		this.held.clear();
	}

	private void acknowledge(Consumer<String> consumer, Message<String> message) {
		this.recorder.acknowledge(consumer, message.id());
	}

}
