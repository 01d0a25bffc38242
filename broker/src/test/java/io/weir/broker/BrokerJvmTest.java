package io.weir.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** A JVM that has nothing but a broker. */
@Timeout(60)
public class BrokerJvmTest {

	private static final int ROUNDS = 100;

	@Test
	void startedBrokerInMemoryKeepsTheJvmAliveUntilItIsClosed() throws Exception {
		keepsTheJvmAliveUntilItIsClosed();
	}

	/** With its data in a directory, or in memory. */
	public static void keepsTheJvmAliveUntilItIsClosed(String... arguments) throws Exception {
		Process process = start(arguments);
		try (BufferedReader output = process.inputReader()) {
			assertThat(answer(output)).isEqualTo("> main has ended");
			for (int round = 0; round < ROUNDS; round++) {
				say(process, "still there?");
				assertThat(answer(output)).isEqualTo("> still there?");
			}
			say(process, "close");
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

	/** What is no line of the log; {@code null} if the process has ended. */
	private static @Nullable String answer(BufferedReader output) throws IOException {
		String line = output.readLine();
		while (line != null && !line.startsWith("> ")) {
			line = output.readLine();
		}
		return line;
	}

	private static void say(Process process, String line) throws IOException {
		process.outputWriter().append(line).append('\n').flush();
	}

	private static Process start(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
						"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
						BrokerJvmTest.class.getName()));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
	}

	/**
	 * Starts a broker and ends; a daemon thread is left, which closes the broker when
	 * told to.
	 */
	public static void main(String[] arguments) {
		BrokerBuilder builder = Broker.builder().port(0);
		if (arguments.length > 0) {
			builder.dataDirectory(Path.of(arguments[0]));
		}
		Broker broker = builder.build().start();
		Thread main = Thread.currentThread();
		Thread listener = new Thread(() -> listen(main, broker));
		listener.setDaemon(true);
		listener.start();
	}

	@SuppressWarnings("SystemOut") // the parent process reads it
	private static void listen(Thread main, Broker broker) {
		try {
			main.join();
		}
		catch (InterruptedException ex) {
			return;
		}
		System.out.println("> main has ended");
		Scanner input = new Scanner(System.in);
		String line = input.nextLine();
		while (!line.equals("close")) {
			System.out.println("> " + line);
			line = input.nextLine();
		}
		broker.close();
	}

}
