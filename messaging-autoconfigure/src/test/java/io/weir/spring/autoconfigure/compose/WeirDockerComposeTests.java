package io.weir.spring.autoconfigure.compose;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

import io.weir.spring.autoconfigure.WeirConnectionDetails;

import static org.assertj.core.api.Assertions.assertThat;

class WeirDockerComposeTests {

	private static final String FINGERPRINT = "ab".repeat(32);

	@Test
	void applicationIsLedToTheBrokerOfDockerCompose() {
		WeirConnectionDetails details = details("weir/broker:0.1.0", Map.of());
		assertThat(details).isNotNull();
		assertThat(details.getServiceUrl()).isEqualTo("weir://127.0.0.1:40001");
		assertThat(details.isInsecure()).as("nobody knows the certificate").isTrue();
	}

	@Test
	void labelsSayWhichCertificateToAccept() {
		WeirConnectionDetails details = details("weir/broker", Map.of("io.weir.fingerprint", FINGERPRINT));
		assertThat(details).isNotNull();
		assertThat(details.getFingerprint()).isEqualTo(FINGERPRINT);
		assertThat(details.isInsecure()).isFalse();
	}

	@Test
	void otherImagesAreBrokersIfALabelSaysSo() {
		assertThat(details("registry.example.com/ours", Map.of())).isNull();
		assertThat(details("registry.example.com/ours",
				Map.of("org.springframework.boot.service-connection", "weir/broker")))
			.isNotNull();
	}

	private static @Nullable WeirConnectionDetails details(String image, Map<String, String> labels) {
		try {
			Object source = BeanUtils.instantiateClass(
					DockerComposeConnectionSource.class.getDeclaredConstructor(RunningService.class, Environment.class),
					new Broker(ImageReference.of(image), labels), new StandardEnvironment());
			return (WeirConnectionDetails) new ConnectionDetailsFactories(WeirDockerComposeTests.class.getClassLoader())
				.getConnectionDetails(source, false)
				.get(WeirConnectionDetails.class);
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A service whose QUIC port is published. */
	private record Broker(ImageReference image, Map<String, String> labels) implements RunningService, ConnectionPorts {

		@Override
		public String name() {
			return "weir";
		}

		@Override
		public String host() {
			return "127.0.0.1";
		}

		@Override
		public ConnectionPorts ports() {
			return this;
		}

		@Override
		public Map<String, String> env() {
			return Map.of();
		}

		@Override
		public int get(int containerPort) {
			return (containerPort == 7750) ? 40001 : -1;
		}

		@Override
		public List<Integer> getAll() {
			return List.of(40001);
		}

		@Override
		public List<Integer> getAll(@Nullable String protocol) {
			return getAll();
		}

	}

}
