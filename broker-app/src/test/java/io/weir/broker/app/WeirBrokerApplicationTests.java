package io.weir.broker.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import io.weir.broker.Broker;
import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "weir.broker.port=0")
@Timeout(60)
class WeirBrokerApplicationTests {

	@TempDir
	private static Path directory;

	@Autowired
	private Broker broker;

	@Autowired
	private ApplicationContext context;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void dataDirectory(DynamicPropertyRegistry registry) {
		registry.add("weir.broker.data-directory", () -> directory);
	}

	@Test
	void clientPublishesAndConsumes() throws Exception {
		try (WeirClient client = WeirClient.builder()
			.serviceUrl(this.broker.serviceUrl())
			.fingerprint(this.broker.certificateFingerprint())
			.build()) {
			Producer<String> producer = client.producer(Schema.string()).topic("greetings").create();
			Consumer<String> consumer = client.consumer(Schema.string())
				.topic("greetings")
				.subscription("audit")
				.initialPosition(InitialPosition.EARLIEST)
				.subscribe();
			producer.send("hello");
			Message<String> message = consumer.receive(Duration.ofSeconds(30));
			assertThat(message).isNotNull();
			assertThat(message.value()).isEqualTo("hello");
			consumer.acknowledgeAsync(message.id()).join();
			assertThat(get("weirtopics/greetings")).contains("\"audit\"", "\"messagesIn\":1",
					"{\"name\":\"compaction\",\"value\":\"false\",\"origin\":\"BUILT_IN\"", "\"messages\":1");
			assertThat(get("metrics/weir.broker.messages.in")).contains("1.0");
		}
	}

	@Test
	void healthNamesTheBroker() throws Exception {
		assertThat(get("health")).contains("\"weirBroker\"", this.broker.serviceUrl());
	}

	@Test
	void brokerIsNobodysClient() {
		assertThat(this.context.getBeanNamesForType(WeirClient.class)).isEmpty();
	}

	@Test
	void whoAsksForWhatThereIsNotIsToldWhatIsWrong() throws Exception {
		assertThat(get("weirtopics?limit=0", 400)).contains("The limit must be from 1 to 1000, was 0");
	}

	private String get(String path) throws IOException, InterruptedException {
		return get(path, 200);
	}

	private String get(String path, int status) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/actuator/" + path))
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return response.body();
	}

}
