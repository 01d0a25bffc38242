package io.weir.sample.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootVersion;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications with Spring Boot's parent, so with the version of Netty that it manages,
 * and what the README says: built outside of Weir's own build and from its artifacts
 * alone.
 */
@Timeout(600)
class OutsideApplicationIT {

	private static final Path REPOSITORY = Path.of("target", "outside-repository").toAbsolutePath();

	private static final int MOST_JARS = 25;

	private static final long MOST_BYTES = 15 * 1024 * 1024;

	@TempDir
	private static Path directory;

	/** The parent imports it, and the plugin installs jars and their parents only. */
	private static void installTheBom() throws IOException {
		Path folder = REPOSITORY.resolve("io/weir/messaging-bom/0.1.0-SNAPSHOT");
		Files.createDirectories(folder);
		Files.copy(Path.of("..", "messaging-bom", "pom.xml"), folder.resolve("messaging-bom-0.1.0-SNAPSHOT.pom"),
				StandardCopyOption.REPLACE_EXISTING);
	}

	@BeforeAll
	static void buildWithBootsParentAndOneDependency() throws Exception {
		installTheBom();
		String readme = Files.readString(Path.of("..", "README.md"));
		String dependency = find(readme, "(?s)<dependency>.*?</dependency>");
		write("pom.xml", resource("pom.xml").replace("@boot.version@", SpringBootVersion.getVersion()));
		write("settings.xml", resource("settings.xml").replace("@downloaded@",
				Path.of(System.getProperty("local.repository")).toUri().toString()));
		for (String module : List.of("shop", "starter", "boot")) {
			write(module + "/pom.xml", resource(module + "/pom.xml").replace("@dependency@", dependency));
		}
		write("shop/src/main/java/com/acme/Shop.java",
				resource("shop/Shop.java.txt").replace("@record@", find(readme, "record Order\\(.*"))
					.replace("@send@", find(readme, "template\\.message\\(.*?;"))
					.replace("@listener@", find(readme, "(?s)@WeirListener\\(.*?\\)(?= \\{\\})")));
		build();
	}

	@Test
	void applicationOfTheReadmeRuns() throws Exception {
		try (AppProcess shop = AppProcess.of(directory.resolve("shop/target/shop-1.jar"), directory,
				"--weir.embedded.enabled=true")) {
			shop.awaitOutput("received Order\\[id=o-1, amount=42] with key o-1");
		}
	}

	@Test
	void starterAddsAtMost25JarsAnd15MegabytesToBootsOwn() throws IOException {
		Set<String> boots = jars("boot").stream().map(OutsideApplicationIT::name).collect(Collectors.toSet());
		List<Path> added = jars("starter").stream().filter((jar) -> !boots.contains(name(jar))).toList();
		assertThat(added).hasSizeBetween(MOST_JARS / 2, MOST_JARS);
		assertThat(added.stream().mapToLong((jar) -> jar.toFile().length()).sum()).as("bytes of %s", added)
			.isLessThanOrEqualTo(MOST_BYTES);
	}

	private static List<Path> jars(String module) throws IOException {
		try (Stream<Path> files = Files.list(directory.resolve(module).resolve("target/dependency"))) {
			return files.toList();
		}
	}

	private static String name(Path jar) {
		return jar.getFileName().toString();
	}

	private static void build() throws IOException, InterruptedException {
		Path log = directory.resolve("build.log");
		Process maven = new ProcessBuilder(Path.of("..", "mvnw").toRealPath().toString(), "-B", "-ntp", "-s",
				"settings.xml", "-Dmaven.repo.local=" + REPOSITORY, "package")
			.directory(directory.toFile())
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

	private static void write(String name, String content) throws IOException {
		Path file = directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, content);
	}

	private static String resource(String name) throws IOException {
		try (InputStream in = OutsideApplicationIT.class.getResourceAsStream("/outside/" + name)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
