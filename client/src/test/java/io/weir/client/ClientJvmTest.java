package io.weir.client;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;

/** A JVM that has nothing but a client. */
@Timeout(60)
class ClientJvmTest {

	@Test
	void clientThatIsNotClosedDoesNotKeepTheJvmAlive() throws Exception {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
					ClientJvmTest.class.getName(), broker.serviceUrl(), broker.certificateFingerprint())
				.inheritIO()
				.start();
			try {
				assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
				assertThat(process.exitValue()).isZero();
				assertThat(broker.topics().get(0).messagesIn()).isEqualTo(1);
			}
			finally {
				process.destroyForcibly();
			}
		}
	}

	/** Leaves a client, a producer and a consumer with a listener behind. */
	public static void main(String[] arguments) {
		WeirClient client = WeirClient.builder().serviceUrl(arguments[0]).fingerprint(arguments[1]).build();
		client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.messageListener((consumer, message) -> consumer.acknowledge(message))
			.subscribe();
		client.producer(Schema.string()).topic("t").create().send("the last");
	}

}
