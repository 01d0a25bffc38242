package io.weir.broker.app;

import java.io.PrintStream;
import java.nio.file.Path;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.weir.broker.Broker;
import io.weir.broker.BrokerException;
import io.weir.broker.store.ScrubReport;

/**
 * Verifies the data directory that a broker with the same configuration would use, while
 * none does, and changes nothing: {@code java -jar messaging-broker-app.jar scrub}.
 */
final class ScrubCommand {

	static final String NAME = "scrub";

	static final int INTACT = 0;

	static final int DAMAGED = 1;

	/** Nothing is known. */
	static final int NOT_VERIFIED = 2;

	private ScrubCommand() {
	}

	/**
	 * Runs the command.
	 * @param args the configuration
	 * @param out where it says what it has found
	 * @return the exit code
	 */
	static int run(String[] args, PrintStream out) {
		Path directory = directory(args);
		try {
			ScrubReport report = Broker.scrubDirectory(directory);
			report.others().forEach(out::println);
			report.damages().forEach((damage) -> out.println(damage.reason()));
			out.println(summary(directory, report));
			return report.isIntact() ? INTACT : DAMAGED;
		}
		catch (BrokerException ex) {
			out.println(ex.getMessage());
			return NOT_VERIFIED;
		}
	}

	private static Path directory(String[] args) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Nothing.class)
			.web(WebApplicationType.NONE)
			.run(args)) {
			return Path.of(Binder.get(context.getEnvironment()).bind("weir.broker.data-directory", String.class).get());
		}
	}

	private static String summary(Path directory, ScrubReport report) {
		String read = report.topics() + " topics, " + report.entries() + " entries, " + report.bytes()
				+ " bytes of messages";
		if (report.isIntact()) {
			return "What is stored in " + directory + " is as it was written: " + read;
		}
		return "Not all that is stored in " + directory + " is as it was written. Intact are " + read
				+ ". Restore the directory from a copy; or if there is none, have damaged entries skipped (endpoint "
				+ "weirdamage), or start the broker once with --weir.broker.salvage=true";
	}

	/** The command needs the configuration only. */
	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

}
