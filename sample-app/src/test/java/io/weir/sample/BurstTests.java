package io.weir.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

import io.weir.sample.job.MainJobLifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The pool as somebody sees it who watches the meters while messages come in a burst. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "sample.data=classpath:three-flights.json", "weir.client.pool.max-idle-time=1s" })
@Timeout(120)
class BurstTests {

	private static final Duration SOON = Duration.ofSeconds(30);

	@TempDir
	private static Path directory;

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper mapper = new JsonMapper();

	@Autowired
	private MainJobLifecycle job;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void dataDirectory(DynamicPropertyRegistry registry) {
		registry.add("weir.embedded.data-directory", () -> directory);
	}

	@Test
	void streamsGrowWithABurstAndComeBack() throws Exception {
		this.job.join();
		// One each, which they keep, for the producer and those who read bookings and
		// dead
		// letters, if they have not got them yet.
		double atRest = meter("weir.pool.streams?tag=state:active") + 3;
		double open = streams() + 3;
		CompletableFuture<HttpResponse<String>> burst = this.http
			.sendAsync(request("/bursts").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
		await().atMost(SOON)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> burst.isDone() || meter("weir.pool.streams?tag=state:active") >= atRest + 5);
		HttpResponse<String> answer = burst.get(30, TimeUnit.SECONDS);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(this.mapper.readTree(answer.body()).at("/messages").asInt()).isEqualTo(8000);
		assertThat(meter("weir.pool.created")).isGreaterThanOrEqualTo(open + 5);
		await().atMost(SOON).until(() -> meter("weir.pool.streams?tag=state:active") <= atRest);
		await().atMost(SOON).until(() -> streams() <= Math.max(open, meter("weir.pool.min")));
	}

	private double streams() throws IOException, InterruptedException {
		return meter("weir.pool.streams?tag=state:active") + meter("weir.pool.streams?tag=state:idle");
	}

	private double meter(String name) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(request("/actuator/metrics/" + name).build(),
				BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return this.mapper.readTree(response.body()).at("/measurements/0/value").asDouble();
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path)).timeout(SOON);
	}

}
