package io.weir.broker.app;

import java.time.Duration;
import java.util.Arrays;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.weir.spring.autoconfigure.broker.BrokerCustomizer;
import io.weir.spring.autoconfigure.broker.WeirBrokerConfiguration;

/**
 * A broker that speaks QUIC, and HTTP to those who look after it. It is nobody's client.
 */
@SpringBootApplication(proxyBeanMethods = false)
@Import(WeirBrokerConfiguration.class)
public class WeirBrokerApplication {

	private static final Duration LONGEST_END = Duration.ofMinutes(1);

	/** Without memory the process ends rather than goes on as it can. */
	@Bean
	BrokerCustomizer lastResortCustomizer() {
		LastResort lastResort = new LastResort();
		new LastResortAppender(lastResort).attach();
		return (builder) -> builder.onError(lastResort);
	}

	/**
	 * Runs the broker until the process is told to end; or, with the word {@code scrub},
	 * verifies its data directory and ends.
	 * @param args the command line; {@code --weir.broker.port=7750} and so on
	 */
	public static void main(String[] args) {
		if (Arrays.asList(args).contains(ScrubCommand.NAME)) {
			System.exit(ScrubCommand.run(args, System.out));
		}
		new LastResort().install(LONGEST_END);
		SpringApplication.run(WeirBrokerApplication.class, args);
	}

}
