package io.weir.sample.board;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
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
			page.locator("button").click();
			assertThat(page.locator("#answer")).containsText("The broker said");
			assertNothingSticksOut(page);
			page.screenshot(screenshot("error", width));
		}
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
