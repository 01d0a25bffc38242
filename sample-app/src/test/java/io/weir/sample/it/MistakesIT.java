package io.weir.sample.it;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What people get wrong, and the one clear message they get for it. */
@Timeout(300)
class MistakesIT {

	private static final String FAIL = "--weir.client.startup-failure-policy=fail";

	@TempDir
	private static Path brokerDirectory;

	@TempDir
	private Path directory;

	private static BrokerProcess broker;

	@BeforeAll
	static void startBroker() {
		broker = BrokerProcess.start(brokerDirectory, 0);
	}

	@AfterAll
	static void stopBroker() {
		broker.close();
	}

	@Test
	void nobodyAtTheServiceUrl() {
		try (AppProcess sample = AppProcess.sample(this.directory, "--weir.embedded.enabled=false",
				"--weir.client.service-url=weir://127.0.0.1:1", "--weir.client.connect-timeout=1s", FAIL)) {
			assertFails(sample, "weir://127.0.0.1:1", "weir.client.service-url", "UDP");
		}
	}

	@Test
	void certificateThatNobodyTrusts() {
		try (AppProcess sample = AppProcess.sample(this.directory, "--weir.embedded.enabled=false",
				"--weir.client.service-url=weir://127.0.0.1:" + broker.port(), FAIL)) {
			assertFails(sample, "certificate", "weir.client.ssl.bundle", "weir.client.ssl.fingerprint");
		}
	}

	@Test
	void portInUse() {
		try (AppProcess second = AppProcess.broker(this.directory, "--weir.broker.port=" + broker.port())) {
			assertFails(second, "Port " + broker.port() + "/udp", "in use", "weir.broker.port");
		}
	}

	@Test
	void addressOfAnotherMachine() {
		try (AppProcess second = AppProcess.broker(this.directory, "--weir.broker.bind-address=192.0.2.1",
				"--weir.broker.security.authentication=none")) {
			assertFails(second, "192.0.2.1", "not one of this machine", "See weir.broker.bind-address.");
		}
	}

	@Test
	void brokerThatTakesAnybodyWhoReachesIt() {
		try (AppProcess second = AppProcess.broker(this.directory, "--weir.broker.bind-address=0.0.0.0")) {
			assertFails(second, "0.0.0.0", "would take anybody", "See weir.broker.security.authentication.");
		}
	}

	@Test
	void addressThatCannotBeResolved() {
		try (AppProcess second = AppProcess.broker(this.directory, "--weir.broker.bind-address=nowhere.invalid")) {
			assertFails(second, "nowhere.invalid", "cannot be resolved", "See weir.broker.bind-address.");
		}
	}

	@Test
	void dataDirectoryInUse() {
		try (AppProcess second = AppProcess.broker(brokerDirectory, "--weir.broker.port=0")) {
			assertFails(second, "weir-data", "in use by another broker", "weir.broker.data-directory");
		}
	}

	@Test
	void dataDirectoryInUseCannotBeVerified() {
		try (AppProcess scrub = AppProcess.broker(brokerDirectory, "scrub")) {
			assertThat(scrub.awaitExit()).as(scrub.output()).isEqualTo(2);
			assertThat(scrub.output().lines()).singleElement()
				.asString()
				.contains("weir-data", "in use by another broker: process ");
		}
	}

	@Test
	void unknownValueOfAProperty() {
		try (AppProcess second = AppProcess.broker(this.directory, "--weir.broker.durability=quick")) {
			assertFails(second, "weir.broker.durability", "\"quick\"", "FSYNC", "MEMORY", "OS");
		}
	}

	@Test
	void valuesThatContradictEachOther() {
		try (AppProcess second = AppProcess.broker(this.directory, "--weir.broker.durability=memory")) {
			assertFails(second, "weir.broker.durability", "MEMORY", "data directory");
		}
	}

	@Test
	void unknownProperty() {
		try (AppProcess second = AppProcess.broker(this.directory, "--weir.broker.prot=7750")) {
			assertFails(second, "weir.broker.prot", "weir.broker.port");
		}
	}

	private static void assertFails(AppProcess process, String... said) {
		assertThat(process.awaitExit()).as(process.output()).isEqualTo(1);
		assertThat(process.output()).contains("APPLICATION FAILED TO START")
			.contains(said)
			.doesNotContain("\tat ", "Caused by: ", "Exception encountered");
	}

}
