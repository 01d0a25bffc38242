package io.weir.client.history;

import java.util.Random;
import java.util.concurrent.Semaphore;

import io.weir.client.Ordering;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.Schema;

/** Sends one message for each permit that it is given. */
final class SendingThread extends Thread {

	private static final int IN_FLIGHT = 100;

	private static final int KEYS = 5;

	private final Semaphore permits = new Semaphore(0);

	private final Semaphore window = new Semaphore(IN_FLIGHT);

	private final Producer<String> producer;

	private final Ordering ordering;

	private final Recorder recorder;

	private final Random random;

	private final int messages;

	SendingThread(String name, WeirClient client, Ordering ordering, int messages, Recorder recorder, long seed) {
		super(name);
		setDaemon(true);
		this.producer = client.producer(Schema.string())
			.topic(Scenario.TOPIC)
			.ordering(ordering)
			.sendTimeout(Scenario.PATIENCE.multipliedBy(2))
			.create();
		this.ordering = ordering;
		this.messages = messages;
		this.recorder = recorder;
		this.random = new Random(seed);
	}

	void permit(int more) {
		this.permits.release(more);
	}

	@Override
	public void run() {
		try {
			for (int i = 0; i < this.messages; i++) {
				this.permits.acquire();
				this.window.acquire();
				Event.Sent message = new Event.Sent(getName(), this.ordering, "k" + this.random.nextInt(KEYS), i);
				int size = (this.random.nextInt(50) == 0) ? 50_000 : this.random.nextInt(500);
				this.recorder.send(this.producer, message, "x".repeat(size), this.window::release);
			}
		}
		catch (InterruptedException | RuntimeException ex) {
			this.recorder.failed(ex);
		}
	}

}
