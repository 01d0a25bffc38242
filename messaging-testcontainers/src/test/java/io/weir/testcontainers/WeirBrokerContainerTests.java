package io.weir.testcontainers;

import java.nio.file.Path;
import java.nio.file.Files;
import java.io.IOException;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import org.junit.jupiter.api.Test;
import org.testcontainers.shaded.com.github.dockerjava.core.command.CreateContainerCmdImpl;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What needs no container engine. */
class WeirBrokerContainerTests {

	@Test
	void theCodeOfThePageIsCompiledHere() throws IOException {
		String compiled = Files.readString(Path.of("src/test/java/io/weir/testcontainers/BillingContainerTests.java"));
		String page = Files.readString(Path.of("../docs/spring/testing.md"));
		assertThat(page).contains("```java\n" + compiled.substring(compiled.indexOf("@SpringBootTest\n")) + "```");
	}

	@Test
	void quicPortIsPublishedAsUdpBesideWhatElseIs() {
		CreateContainerCmd command = new CreateContainerCmdImpl((executed) -> null, new AuthConfig(), "weir/broker");
		command.withExposedPorts(ExposedPort.tcp(7751));
		command.withHostConfig(HostConfig.newHostConfig().withPortBindings(PortBinding.parse("1234:7751")));
		WeirBrokerContainer.publishUdp(command);
		assertThat(command.getExposedPorts()).containsExactly(ExposedPort.tcp(7751), ExposedPort.udp(7750));
		assertThat(command.getHostConfig().getPortBindings().getBindings()).containsOnlyKeys(ExposedPort.tcp(7751),
				ExposedPort.udp(7750));
	}

	/** Restarts need one that stays. */
	@Test
	void hostPortThatWasChosenIsKept() {
		CreateContainerCmd command = new CreateContainerCmdImpl((executed) -> null, new AuthConfig(), "weir/broker");
		command.withHostConfig(HostConfig.newHostConfig().withPortBindings(PortBinding.parse("1234:7750/udp")));
		WeirBrokerContainer.publishUdp(command);
		assertThat(command.getHostConfig().getPortBindings().getBindings().get(ExposedPort.udp(7750)))
			.extracting((binding) -> binding.getHostPortSpec())
			.containsExactly("1234");
	}

	@Test
	void brokerThatIsNotRunningHasNoAddress() {
		try (WeirBrokerContainer broker = new WeirBrokerContainer()) {
			assertThatIllegalStateException().isThrownBy(broker::getServiceUrl).withMessageContaining("start it");
		}
	}

	@Test
	void serviceConnectionsAreMadeByAFactoryThatSpringBootFinds() {
		// Those of libraries that are not there fail.
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
			.load(ConnectionDetailsFactory.class, (type, name, failure) -> {
			})).extracting((factory) -> factory.getClass().getSimpleName())
			.contains("WeirContainerConnectionDetailsFactory");
	}

}
