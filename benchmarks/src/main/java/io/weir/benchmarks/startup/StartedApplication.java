package io.weir.benchmarks.startup;

import java.lang.management.ManagementFactory;
import java.util.regex.Pattern;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application with a web server and Actuator, which says how long its JVM has been
 * there when it is ready. It knows nothing of Weir: whether it has the starter is a
 * matter of the class path.
 */
@SpringBootApplication
public class StartedApplication {

	static final Pattern READY = Pattern.compile("ready after (\\d+) ms, with Weir: (true|false)");

	public static void main(String[] arguments) {
		try (ConfigurableApplicationContext context = SpringApplication.run(StartedApplication.class, arguments)) {
			long uptime = ManagementFactory.getRuntimeMXBean().getUptime();
			System.out.println("ready after " + uptime + " ms, with Weir: " + context.containsBean("weirClient"));
		}
	}

}
