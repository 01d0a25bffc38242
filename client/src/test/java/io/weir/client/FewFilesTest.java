package io.weir.client;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A broker in a process that may have few files open, all of which others take. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class FewFilesTest {

	private static final int FILES = 150;

	private static final Duration SOON = Duration.ofSeconds(60);

	/** More than RocksDB keeps in memory, so that it needs files. */
	private static final int MESSAGES = 600;

	private static final int FEW = 100;

	private static final byte[] VALUE = new byte[64 * 1024];

	@Test
	void publishingAndReadingGoOnByThemselvesWhenThereAreFilesAgain(@TempDir Path data) throws Exception {
		try (LimitedBroker broker = new LimitedBroker(data); WeirClient client = client(broker)) {
			Producer<byte[]> producer = client.producer(Schema.bytes())
				.topic("t")
				.sendTimeout(Duration.ofMinutes(2))
				.maxPendingBytes(2L * MESSAGES * VALUE.length)
				.create();
			List<CompletableFuture<MessageId>> sent = send(producer, 10);
			sent.forEach(CompletableFuture::join);
			assertThat(broker.ask("status")).startsWith("SERVING");
			assertThat(Integer.parseInt(broker.ask("take"))).isPositive();
			sent.addAll(send(producer, MESSAGES));
			await().atMost(SOON).until(() -> {
				// The process may close some of its own.
				broker.ask("take");
				sent.addAll(send(producer, 10));
				return !broker.ask("status").startsWith("SERVING");
			});
			broker.ask("free");
			await().atMost(SOON).until(() -> broker.ask("status").startsWith("SERVING"));
			sent.forEach(CompletableFuture::join);
			try (Consumer<byte[]> consumer = client.consumer(Schema.bytes())
				.topic("t")
				.subscription("s")
				.initialPosition(InitialPosition.EARLIEST)
				.subscribe()) {
				List<MessageId> received = new ArrayList<>();
				while (received.size() < sent.size()) {
					received.add(consumer.receive(SOON).id());
				}
				assertThat(received).containsExactlyElementsOf(sent.stream().map(CompletableFuture::join).toList());
			}
		}
	}

	@Test
	void readingGoesOnByItselfWhenThereAreFilesAgain(@TempDir Path data) throws Exception {
		try (LimitedBroker broker = new LimitedBroker(data); WeirClient client = client(broker)) {
			send(client.producer(Schema.bytes()).topic("t").create(), FEW).forEach(CompletableFuture::join);
		}
		try (LimitedBroker broker = new LimitedBroker(data); WeirClient client = client(broker)) {
			Producer<byte[]> producer = client.producer(Schema.bytes()).topic("other").create();
			producer.send(VALUE);
			broker.ask("take");
			try (Consumer<byte[]> consumer = client.consumer(Schema.bytes())
				.topic("t")
				.subscription("s")
				.initialPosition(InitialPosition.EARLIEST)
				.subscribe()) {
				producer.send(VALUE);
				broker.ask("free");
				for (int i = 0; i < FEW; i++) {
					assertThat(consumer.receive(SOON)).as("message %d", i).isNotNull();
				}
			}
			assertThat(broker.ask("status")).startsWith("SERVING");
		}
	}

	private static List<CompletableFuture<MessageId>> send(Producer<byte[]> producer, int count) {
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			sent.add(producer.sendAsync(VALUE));
		}
		return sent;
	}

	private static WeirClient client(LimitedBroker broker) {
		return WeirClient.builder().serviceUrl(broker.serviceUrl).insecure().build();
	}

	/** The process. */
	static final class LimitedBroker implements AutoCloseable {

		private final Process process;

		private final BufferedReader answers;

		private final PrintWriter questions;

		private final String serviceUrl;

		LimitedBroker(Path data) throws IOException {
			this.process = new ProcessBuilder("bash", "-c", "ulimit -n " + FILES + "; exec \"$@\"", "bash",
					Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-MaxFDLimit",
					"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
					LimitedBroker.class.getName(), data.toString())
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			this.answers = this.process.inputReader(StandardCharsets.UTF_8);
			this.questions = new PrintWriter(this.process.outputWriter(StandardCharsets.UTF_8), true);
			this.serviceUrl = answer();
		}

		/** What runs in the process. */
		@SuppressWarnings("SystemOut") // the parent process reads it
		public static void main(String[] args) throws IOException, ClassNotFoundException {
			loadClasses();
			List<FileInputStream> taken = new ArrayList<>();
			try (Broker broker = Broker.builder().dataDirectory(Path.of(args[0])).port(0).build().start()) {
				BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
				say(broker.serviceUrl());
				for (String question = questions.readLine(); question != null; question = questions.readLine()) {
					switch (question) {
						case "take" -> say(Integer.toString(take(taken)));
						case "free" -> say(Integer.toString(free(taken)));
						default -> say(broker.storage().status().state() + " " + broker.storage().status().reason());
					}
				}
			}
		}

		/** Those in folders: a jar, as brokers have them, is opened once. */
		private static void loadClasses() throws IOException, ClassNotFoundException {
			for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
				Path folder = Path.of(entry);
				if (Files.isDirectory(folder) && entry.endsWith("classes") && !entry.endsWith("test-classes")) {
					loadClasses(folder);
				}
			}
		}

		private static void loadClasses(Path folder) throws IOException, ClassNotFoundException {
			try (Stream<Path> files = Files.walk(folder)) {
				for (Path file : files.filter((each) -> each.toString().endsWith(".class")).toList()) {
					String name = folder.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
					if (!name.endsWith("-info") && !name.contains("Compressor")) {
						Class.forName(name, false, ClassLoader.getSystemClassLoader());
					}
				}
			}
		}

		@SuppressWarnings("SystemOut") // the parent process reads it
		private static void say(String answer) {
			System.out.println("answer=" + answer.replace('\n', ' '));
		}

		private static int take(List<FileInputStream> taken) {
			try {
				while (taken.size() < FILES) {
					taken.add(new FileInputStream("/dev/null"));
				}
			}
			catch (IOException ex) {
				// There are no more.
			}
			return taken.size();
		}

		private static int free(List<FileInputStream> taken) throws IOException {
			for (FileInputStream each : taken) {
				each.close();
			}
			int count = taken.size();
			taken.clear();
			return count;
		}

		String ask(String question) throws IOException {
			this.questions.println(question);
			return answer();
		}

		private String answer() throws IOException {
			String line = this.answers.readLine();
			while (line != null && !line.startsWith("answer=")) {
				line = this.answers.readLine();
			}
			if (line == null) {
				throw new IOException("The broker's process has ended");
			}
			return line.substring("answer=".length());
		}

		/** Ends the process in order. */
		@Override
		public void close() {
			this.questions.close();
			this.process.onExit().join();
		}

	}

}
