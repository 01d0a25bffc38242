package io.weir.client.kill;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.weir.client.Consumer;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;

/**
 * A process with a consumer that one message kills: the JVM ends at once, and nobody is
 * told. Writes what it has acknowledged to its output, and that it waits for more.
 */
final class DoomedConsumer {

	static final String POISON = "poison";

	private DoomedConsumer() {
	}

	/** Service URL, fingerprint, topic, dead-letter topic. */
	@SuppressWarnings("SystemOut") // the parent process reads it
	public static void main(String[] args) throws Exception {
		try (WeirClient client = WeirClient.builder().serviceUrl(args[0]).fingerprint(args[1]).build();
				Consumer<String> consumer = client.consumer(Schema.string())
					.topic(args[2])
					.subscription("s")
					.subscriptionType(SubscriptionType.SHARED)
					.initialPosition(InitialPosition.EARLIEST)
					.deadLetterPolicy(new DeadLetterPolicy(1, args[3]))
					.subscribe()) {
			while (true) {
				Message<String> message = consumer.receive(Duration.ofMillis(200));
				if (message == null) {
					System.out.println("waiting");
				}
				else if (message.value().equals(POISON)) {
					Runtime.getRuntime().halt(1);
				}
				else {
					consumer.acknowledgeAsync(message).get(30, TimeUnit.SECONDS);
					System.out.println("acknowledged " + message.value());
				}
			}
		}
	}

}
