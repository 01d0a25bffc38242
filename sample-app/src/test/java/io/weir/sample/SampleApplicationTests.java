package io.weir.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Scanner;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The application with its embedded broker and three flights. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "sample.data=classpath:three-flights.json")
@Timeout(60)
class SampleApplicationTests {

	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

	private static final String DATA = "data:";

	@TempDir
	private static Path directory;

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper mapper = new JsonMapper();

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void dataDirectory(DynamicPropertyRegistry registry) {
		registry.add("weir.embedded.data-directory", () -> directory);
	}

	@Test
	void postedFlightComesToTheBoard() throws Exception {
		HttpResponse<String> response = post("""
				{"date": "2001/03/31 17:05", "delay": 3, "distance": 2586, "origin": "XYZ", "destination": "JFK"}""");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		assertThat(this.mapper.readTree(response.body()).at("/flight/origin").asString()).isEqualTo("XYZ");
		JsonNode board = awaitBoard("XYZ");
		assertThat(board.at("/connection").asString()).isEqualTo("READY");
		assertThat(board.at("/streams/active").asInt()).isPositive();
	}

	@Test
	void flightsOfTheMainJobComeToTheBoard() throws Exception {
		JsonNode board = awaitBoard("HNL");
		assertThat(board.at("/flights").asInt()).isGreaterThanOrEqualTo(1);
	}

	@Test
	void eachMistakeInAFlightIsNamed() throws Exception {
		HttpResponse<String> response = post("""
				{"date": "2001/03/31 17:05", "delay": 3, "distance": 0, "origin": "San Francisco"}""");
		assertThat(response.statusCode()).isEqualTo(400);
		JsonNode problem = this.mapper.readTree(response.body());
		assertThat(problem.at("/title").asString()).isEqualTo("This is not a flight");
		assertThat(problem.at("/errors/origin").asString())
			.isEqualTo("must be an IATA code of three capital letters, such as SFO");
		assertThat(problem.at("/errors/distance").asString()).isEqualTo("must be greater than or equal to 1");
		assertThat(problem.at("/errors/destination").asString()).isEqualTo("must not be null");
	}

	@Test
	void dateOfAnotherFormIsRefusedWithAnExample() throws Exception {
		HttpResponse<String> response = post("""
				{"date": "31.3.2001", "delay": 3, "distance": 1, "origin": "SFO", "destination": "JFK"}""");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(this.mapper.readTree(response.body()).at("/detail").asString()).contains("31.3.2001")
			.contains("2001/03/31 17:05");
	}

	@Test
	void missingBodyIsRefusedWithAnExample() throws Exception {
		HttpResponse<String> response = post("");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(this.mapper.readTree(response.body()).at("/detail").asString()).contains("2001/03/31 17:05");
	}

	@Test
	void bookingThatFailsTwiceIsConfirmedAtTheThirdDelivery() throws Exception {
		JsonNode booking = awaitBooking(book("flaky"), "CONFIRMED");
		assertThat(booking.at("/deliveries").asInt()).isEqualTo(3);
	}

	@Test
	void bookingThatAlwaysFailsBecomesADeadLetterThatTellsItsOriginAndCanBeReplayed() throws Exception {
		String number = book("poison");
		assertThat(awaitBooking(number, "GIVEN_UP").at("/deliveries").asInt()).isEqualTo(4);
		JsonNode letter = find(awaitEvent((line) -> line.contains("messageId")), "deadLetters", number);
		assertThat(letter.at("/topic").asString()).isEqualTo("bookings");
		assertThat(letter.at("/subscription").asString()).isEqualTo("desk");
		assertThat(letter.at("/redeliveries").asInt()).isEqualTo(3);
		assertThat(letter.at("/error").asString()).contains("There is no airport XYZ");
		String replays = "/dead-letters/" + letter.at("/id").asString() + "/replays";
		HttpResponse<String> replay = postNothing(replays);
		assertThat(replay.statusCode()).as(replay.body()).isEqualTo(202);
		assertThat(awaitBooking(number, "CONFIRMED").at("/deliveries").asInt()).isEqualTo(1);
		HttpResponse<String> again = postNothing(replays);
		assertThat(again.statusCode()).isEqualTo(409);
		assertThat(this.mapper.readTree(again.body()).at("/title").asString())
			.isEqualTo("The dead letter is not replayed");
	}

	@Test
	void delayedBookingIsConfirmedAtItsFirstDeliveryAndNotBeforeItIsDue() throws Exception {
		JsonNode published = publish("later");
		JsonNode booking = awaitBooking(published.at("/booking/number").asString(), "CONFIRMED");
		assertThat(booking.at("/deliveries").asInt()).isEqualTo(1);
		assertThat(Instant.now()).isAfterOrEqualTo(Instant.parse(published.at("/due").asString()));
	}

	@Test
	void pageAndActuatorAreServed() throws Exception {
		assertThat(get("/").body()).contains("<title>Weir");
		for (String path : new String[] { "health", "weirpools", "weirlisteners", "weirtopics", "metrics",
				"metrics/weir.pool.streams" }) {
			HttpResponse<String> response = get("/actuator/" + path);
			assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
		}
	}

	private HttpResponse<String> post(String json) throws IOException, InterruptedException {
		return this.http.send(request("/flights").header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(json))
			.build(), BodyHandlers.ofString());
	}

	private String book(String kind) throws IOException, InterruptedException {
		return publish(kind).at("/booking/number").asString();
	}

	private JsonNode publish(String kind) throws IOException, InterruptedException {
		HttpResponse<String> response = postNothing("/bookings/" + kind);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		return this.mapper.readTree(response.body());
	}

	private HttpResponse<String> postNothing(String path) throws IOException, InterruptedException {
		return this.http.send(request(path).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
	}

	private JsonNode awaitBooking(String number, String state) throws IOException, InterruptedException {
		JsonNode event = awaitEvent((line) -> {
			JsonNode booking = find(this.mapper.readTree(line), "bookings", number);
			return booking.at("/state").asString("").equals(state);
		});
		return find(event, "bookings", number);
	}

	private static JsonNode find(JsonNode event, String list, String number) {
		return event.at("/desk/" + list)
			.valueStream()
			.filter((each) -> each.at("/number").asString().equals(number))
			.findFirst()
			.orElse(MissingNode.getInstance());
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return this.http.send(request(path).build(), BodyHandlers.ofString());
	}

	private JsonNode awaitBoard(String airport) throws IOException, InterruptedException {
		return awaitEvent((line) -> line.contains('"' + airport + '"'));
	}

	/** Reads events until one is as wanted. */
	private JsonNode awaitEvent(Predicate<String> wanted) throws IOException, InterruptedException {
		HttpResponse<InputStream> events = this.http.send(request("/board/events").build(),
				BodyHandlers.ofInputStream());
		assertThat(events.headers().firstValue("Content-Type")).hasValue("text/event-stream");
		try (Scanner lines = new Scanner(events.body(), StandardCharsets.UTF_8)) {
			String line = lines.nextLine();
			while (!line.startsWith(DATA) || !wanted.test(line.substring(DATA.length()))) {
				line = lines.nextLine();
			}
			return this.mapper.readTree(line.substring(DATA.length()));
		}
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path)).timeout(REQUEST_TIMEOUT);
	}

}
