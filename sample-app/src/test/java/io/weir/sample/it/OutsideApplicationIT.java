package io.weir.sample.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootVersion;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with Spring Boot's parent and what the README says, built outside of
 * Weir's own build and from its artifacts alone.
 */
@Timeout(600)
class OutsideApplicationIT {

	private static final Path REPOSITORY = Path.of("target", "outside-repository").toAbsolutePath();

	@TempDir
	private Path directory;

	/** The parent imports it, and the plugin installs jars and their parents only. */
	@BeforeAll
	static void installTheBom() throws IOException {
		Path folder = REPOSITORY.resolve("io/weir/messaging-bom/0.1.0-SNAPSHOT");
		Files.createDirectories(folder);
		Files.copy(Path.of("..", "messaging-bom", "pom.xml"), folder.resolve("messaging-bom-0.1.0-SNAPSHOT.pom"),
				StandardCopyOption.REPLACE_EXISTING);
	}

	@Test
	void applicationOfTheReadmeResolvesCompilesAndRuns() throws Exception {
		String readme = Files.readString(Path.of("..", "README.md"));
		write("pom.xml",
				resource("pom.xml").replace("@boot.version@", SpringBootVersion.getVersion())
					.replace("@properties@", find(readme, "(?s)<properties>.*?</properties>"))
					.replace("@dependency@", find(readme, "(?s)<dependency>.*?</dependency>")));
		write("settings.xml", resource("settings.xml").replace("@downloaded@",
				Path.of(System.getProperty("local.repository")).toUri().toString()));
		write("src/main/java/com/acme/Shop.java",
				resource("Shop.java.txt").replace("@record@", find(readme, "record Order\\(.*"))
					.replace("@send@", find(readme, "template\\.message\\(.*?;"))
					.replace("@listener@", find(readme, "(?s)@WeirListener\\(.*?\\)(?= \\{\\})")));
		build();
		try (AppProcess shop = AppProcess.of(this.directory.resolve("target/shop-1.jar"), this.directory,
				"--weir.embedded.enabled=true")) {
			shop.awaitOutput("received Order\\[id=o-1, amount=42] with key o-1");
		}
	}

	private void build() throws IOException, InterruptedException {
		Path log = this.directory.resolve("build.log");
		Process maven = new ProcessBuilder(Path.of("..", "mvnw").toRealPath().toString(), "-B", "-ntp", "-s",
				"settings.xml", "-Dmaven.repo.local=" + REPOSITORY, "package")
			.directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		assertThat(maven.waitFor()).as(() -> read(log)).isZero();
	}

	private static String read(Path log) {
		try {
			return Files.readString(log);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private static String find(String readme, String regex) {
		Matcher matcher = Pattern.compile(regex).matcher(readme);
		assertThat(matcher.find()).as("'%s' in the README", regex).isTrue();
		return matcher.group();
	}

	private void write(String name, String content) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, content);
	}

	private static String resource(String name) throws IOException {
		try (InputStream in = OutsideApplicationIT.class.getResourceAsStream("/outside/" + name)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
