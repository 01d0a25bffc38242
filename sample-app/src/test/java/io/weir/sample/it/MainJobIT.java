package io.weir.sample.it;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.fixtures.ServerPorts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The sample as users run it, against a broker that comes and goes. */
@Timeout(300)
class MainJobIT {

	private static final String OK = "order: ok, lost: 0, duplicates: 0";

	/** Enough that the broker can be taken away in the middle. */
	private static final String LONG_RUN = "--sample.repeat=2";

	/** A killed broker says no good-bye: the client notices by its heartbeat. */
	private static final String HEARTBEAT = "--weir.client.heartbeat.interval=2s";

	private static final String UNDER_WAY = "received +[1-9]";

	@TempDir
	private Path brokerDirectory;

	@TempDir
	private Path sampleDirectory;

	@Test
	void embeddedBrokerCarriesAllFlights() {
		try (AppProcess sample = AppProcess.sample(this.sampleDirectory, "--sample.exit=true")) {
			assertEndsWell(sample);
			assertThat(sample.output()).contains("20,000 in ", "p50 ", "p99 ", "streams ", "validations ",
					"most punctual ", "least punctual ");
		}
		assertThat(this.sampleDirectory.resolve("target/weir-data")).isNotEmptyDirectory();
	}

	@Test
	void sampleThatWasProcessedAheadOfTimeCarriesAllFlights() {
		try (AppProcess sample = AppProcess.sampleProcessedAheadOfTime(this.sampleDirectory, "--sample.exit=true",
				"--spring.main.log-startup-info=true")) {
			assertEndsWell(sample);
			assertThat(sample.output()).contains("AOT-processed SampleApplication");
		}
	}

	@Test
	void nativeImageCarriesAllFlights() {
		Path image = Path.of("target", "messaging-sample-app");
		assumeTrue(Files.isExecutable(image),
				"No native image was built: it takes -Pnative and a GraalVM to run Maven");
		try (AppProcess sample = AppProcess.nativeImage(image, this.sampleDirectory, "--sample.exit=true")) {
			assertEndsWell(sample);
		}
	}

	@Test
	void standaloneBrokerCarriesAllFlights() {
		try (BrokerProcess broker = BrokerProcess.start(this.brokerDirectory, 0);
				AppProcess sample = AppProcess.sample(this.sampleDirectory,
						broker.clientArguments("--sample.exit=true"))) {
			assertEndsWell(sample);
			assertThat(sample.output()).contains("20,000 in ");
		}
	}

	@Test
	void killedBrokerLosesAndDoublesNothing() {
		BrokerProcess broker = BrokerProcess.start(this.brokerDirectory, ServerPorts.free());
		try (AppProcess sample = startLongRun(broker)) {
			broker.process().kill();
			assertThat(sample.output()).as("the job is not over").doesNotContain("order:");
			try (BrokerProcess again = BrokerProcess.start(this.brokerDirectory, broker.port())) {
				assertThat(again.process().isAlive()).isTrue();
				assertEndsWell(sample);
			}
		}
	}

	@Test
	void stoppedBrokerLosesAndDoublesNothing() {
		BrokerProcess broker = BrokerProcess.start(this.brokerDirectory, ServerPorts.free());
		try (AppProcess sample = startLongRun(broker)) {
			assertThat(broker.process().stop()).as("SIGTERM").isEqualTo(143);
			assertThat(broker.process().output()).doesNotContain("\tat ");
			assertThat(sample.output()).as("the job is not over").doesNotContain("order:");
			try (BrokerProcess again = BrokerProcess.start(this.brokerDirectory, broker.port())) {
				assertThat(again.process().isAlive()).isTrue();
				assertEndsWell(sample);
			}
		}
	}

	@Test
	void flightsOfAnEarlierRunThatWasKilledAreNobodysFault() {
		try (AppProcess first = AppProcess.sample(this.sampleDirectory, LONG_RUN)) {
			first.awaitOutput(UNDER_WAY);
			first.kill();
		}
		try (AppProcess second = AppProcess.sample(this.sampleDirectory, "--sample.exit=true")) {
			assertEndsWell(second);
			assertThat(second.output()).contains("20,000 in ");
		}
	}

	@Test
	void sampleStopsQuietlyInTheMiddle() {
		try (AppProcess sample = AppProcess.sample(this.sampleDirectory, LONG_RUN)) {
			sample.awaitOutput(UNDER_WAY);
			assertThat(sample.stop()).as("SIGTERM").isEqualTo(143);
			assertThat(sample.output()).doesNotContain("\tat ", "Exception");
		}
	}

	private AppProcess startLongRun(BrokerProcess broker) {
		AppProcess sample = AppProcess.sample(this.sampleDirectory,
				broker.clientArguments("--sample.exit=true", LONG_RUN, HEARTBEAT));
		sample.awaitOutput(UNDER_WAY);
		return sample;
	}

	private static void assertEndsWell(AppProcess sample) {
		assertThat(sample.awaitExit()).as(sample.output()).isZero();
		assertThat(sample.output().lines().filter((line) -> line.startsWith("order:"))).containsExactly(OK);
		assertThat(sample.output()).doesNotContain("\tat ");
	}

}
