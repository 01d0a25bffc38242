package io.weir.starter;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import io.weir.broker.Broker;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Most applications have the starter and no broker on their class path: one that has not,
 * in a process of its own.
 */
class StarterAloneTests {

	@Test
	void applicationWithoutABrokerOnItsClassPathSendsAndReceives() throws IOException, InterruptedException {
		String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !ofBroker(Path.of(entry)))
			.collect(Collectors.joining(File.pathSeparator));
		try (Broker broker = Broker.builder().port(0).build().start()) {
			Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
					classPath, Application.class.getName(), "--weir.client.service-url=" + broker.serviceUrl(),
					"--weir.client.ssl.fingerprint=" + broker.certificateFingerprint(),
					"--weir.broker.topic-defaults[0].pattern=of-nobody")
				.redirectErrorStream(true)
				.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor()).as(output).isZero();
			assertThat(output).contains("received hello without a broker here");
		}
	}

	private static boolean ofBroker(Path entry) {
		return Stream.of("broker", "broker-rocksdb").anyMatch((module) -> {
			Path target = Path.of(module, "target");
			return entry.getParent().endsWith(target) || entry.endsWith(target.resolve("classes"));
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final CompletableFuture<String> received = new CompletableFuture<>();

		@SuppressWarnings("SystemOut") // the parent process reads it
		public static void main(String[] arguments) throws Exception {
			try (ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments)) {
				context.getBean(WeirTemplate.class).send("greetings", "hello");
				String greeting = context.getBean(Application.class).received.get(60, TimeUnit.SECONDS);
				boolean broker = ClassUtils.isPresent("io.weir.broker.Broker", null);
				System.out.println("received " + greeting + (broker ? "" : " without a broker here"));
			}
		}

		@WeirListener(topics = "greetings", subscription = "reader", initialPosition = "earliest")
		void receive(String greeting) {
			this.received.complete(greeting);
		}

	}

}
