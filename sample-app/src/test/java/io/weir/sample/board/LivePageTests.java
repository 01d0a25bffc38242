package io.weir.sample.board;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The live page in a real browser, as wide as a phone and as a desk; needs Chromium. What
 * was seen is kept in {@code target/screenshots}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "sample.data=classpath:three-flights.json")
class LivePageTests {

	private static final int HEIGHT = 900;

	/** What sticks out of the window or of its panel, by its tag and text. */
	private static final String STICKING_OUT = """
			() => [...document.querySelectorAll("body *")].filter((element) => {
				const panel = element.parentElement.closest("section") ?? document.documentElement;
				return element.getBoundingClientRect().right > panel.getBoundingClientRect().right + 0.5
						|| element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline";
			}).map((element) => element.tagName + " " + element.textContent.slice(0, 60))""";

	/** A booking in each state. */
	private static final String EVENT = """
			{"connection": "READY", "flights": 0, "onTime": 0, "rate": 0, "streams": {"active": 1, "idle": 1},
			"airports": [], "last": [], "desk": {"bookings": [
			{"number": "0c1d2e3f-5", "kind": "FLAKY", "state": "SENT", "deliveries": 0},
			{"number": "0c1d2e3f-4", "kind": "LATER", "state": "DELAYED", "deliveries": 0, "due": %d},
			{"number": "0c1d2e3f-3", "kind": "FLAKY", "state": "FAILED", "deliveries": 2,
			"problem": "The seat map does not answer"},
			{"number": "0c1d2e3f-2", "kind": "FLAKY", "state": "CONFIRMED", "deliveries": 3},
			{"number": "0c1d2e3f-1", "kind": "POISON", "state": "GIVEN_UP", "deliveries": 4}],
			"deadLetters": [{"id": "0:7:0", "number": "0c1d2e3f-1", "topic": "bookings", "subscription": "desk",
			"messageId": "0:31:2", "redeliveries": 3, "error": "There is no airport XYZ", "replayed": false},
			{"id": "0:6:0", "number": "0c1d2e3f-0", "topic": "bookings", "subscription": "desk", "messageId": "0:30:0",
			"redeliveries": 3, "error": "There is no airport XYZ", "replayed": true}]}}""";

	@TempDir
	private static Path directory;

	private static Playwright playwright;

	private static Browser browser;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void dataDirectory(DynamicPropertyRegistry registry) {
		registry.add("weir.embedded.data-directory", () -> directory);
	}

	@BeforeAll
	static void startBrowser() {
		Path chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
			.map(Path::of)
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
		assumeTrue(chromium != null, "No Chromium on this machine: apt-get install chromium");
		PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
		playwright = Playwright
			.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
		browser = playwright.chromium()
			.launch(new BrowserType.LaunchOptions().setExecutablePath(chromium)
				.setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
						"--disable-background-networking", "--disable-component-update", "--disable-sync")));
	}

	@AfterAll
	static void stopBrowser() {
		if (playwright != null) {
			playwright.close();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 390, 1280 })
	void nothingSticksOutOfTheWindowOrOfItsPanel(int width) {
		try (Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(width, HEIGHT))) {
			page.navigate("http://localhost:" + this.port + "/");
			assertThat(page.locator("#busiest tr")).hasCount(3);
			assertNothingSticksOut(page);
			page.screenshot(screenshot("board", width));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 390, 1280 })
	void longErrorStaysInItsPanel(int width) {
		try (Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(width, HEIGHT))) {
			page.route("**/flights", LivePageTests::refuseAtLength);
			page.navigate("http://localhost:" + this.port + "/");
			page.locator("#form button").click();
			assertThat(page.locator("#answer")).containsText("The broker said");
			assertNothingSticksOut(page);
			page.screenshot(screenshot("error", width));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 390, 1280 })
	void bookingsComeAgainWaitAndAreGivenUp(int width) {
		try (Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(width, HEIGHT))) {
			page.navigate("http://localhost:" + this.port + "/");
			String flaky = book(page, "flaky");
			String poison = book(page, "poison");
			String later = book(page, "later");
			assertThat(booking(page, flaky)).containsText("confirmed at delivery 3");
			assertThat(booking(page, later)).containsText("delivered when it was due");
			assertThat(booking(page, poison)).containsText("given up after 4 deliveries");
			Locator letter = page.locator("#letters tr").filter(new Locator.FilterOptions().setHasText(poison));
			assertThat(letter).containsText("from topic bookings, subscription desk, message ");
			assertThat(letter).containsText("There is no airport XYZ");
			letter.locator("button").click();
			assertThat(booking(page, poison)).containsText("confirmed after it was replayed");
			assertThat(letter).containsText("replayed");
			assertThat(letter.locator("button")).hasCount(0);
			assertNothingSticksOut(page);
			page.screenshot(screenshot("bookings", width));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 390, 1280 })
	void whateverBecomesOfABookingFitsItsPanel(int width) {
		try (Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(width, HEIGHT))) {
			page.route("**/board/events",
					(route) -> route.fulfill(new Route.FulfillOptions().setContentType("text/event-stream")
						.setBody("data: "
								+ EVENT.formatted(System.currentTimeMillis() + 3_600_000).replaceAll("\\s+", " ")
								+ "\n\n")));
			page.navigate("http://localhost:" + this.port + "/");
			assertThat(page.locator("#bookings tr"))
				.containsText(new String[] { "on its way", "is delivered in", "failed twice, comes again: The seat map",
						"confirmed at delivery 3", "given up after 4 deliveries" });
			assertThat(page.locator("#letters button")).hasCount(1);
			assertThat(page.locator("#letters tr").last()).containsText("replayed");
			assertNothingSticksOut(page);
			page.screenshot(screenshot("states", width));
		}
	}

	/** Tells the number of the new booking. */
	private static String book(Page page, String kind) {
		Response response = page.waitForResponse("**/bookings/" + kind,
				() -> page.locator("[data-kind=" + kind + "]").click());
		assertThat(response.status()).isEqualTo(201);
		return new JsonMapper().readTree(response.text()).at("/booking/number").asString();
	}

	private static Locator booking(Page page, String number) {
		return page.locator("#bookings tr").filter(new Locator.FilterOptions().setHasText(number));
	}

	private static void refuseAtLength(Route route) {
		String word = "io.weir.client.WeirException".repeat(20);
		route.fulfill(new Route.FulfillOptions().setStatus(503)
			.setContentType("application/problem+json")
			.setBody("{\"title\": \"Not stored\", \"detail\": \"The broker said " + word + "\"}"));
	}

	private static void assertNothingSticksOut(Page page) {
		assertThat((List<?>) page.evaluate(STICKING_OUT)).isEmpty();
		assertThat(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
			.isEqualTo(0);
	}

	private static Page.ScreenshotOptions screenshot(String name, int width) {
		return new Page.ScreenshotOptions().setFullPage(true)
			.setPath(Path.of("target", "screenshots", name + "-" + width + ".png"));
	}

}
