package io.weir.spring.autoconfigure.compose;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

import io.weir.spring.autoconfigure.WeirConnectionDetails;

/**
 * Of a service of Docker Compose with the image {@code weir/broker}, or another one with
 * the label {@code org.springframework.boot.service-connection: weir/broker}. Nobody
 * knows the certificate that a broker of a developer has made for itself, so any is
 * accepted, unless labels say which.
 */
final class WeirDockerComposeConnectionDetailsFactory
		extends DockerComposeConnectionDetailsFactory<WeirConnectionDetails> {

	private static final String IMAGE = "weir/broker";

	private static final int PORT = 7750;

	private static final String FINGERPRINT_LABEL = "io.weir.fingerprint";

	WeirDockerComposeConnectionDetailsFactory() {
		super(IMAGE);
	}

	@Override
	protected WeirConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
		return new WeirDockerComposeConnectionDetails(source.getRunningService());
	}

	private static final class WeirDockerComposeConnectionDetails extends DockerComposeConnectionDetails
			implements WeirConnectionDetails {

		private final String serviceUrl;

		private final @Nullable String fingerprint;

		private final @Nullable SslBundle bundle;

		WeirDockerComposeConnectionDetails(RunningService service) {
			super(service);
			this.serviceUrl = "weir://" + service.host() + ":" + service.ports().get(PORT);
			this.fingerprint = service.labels().get(FINGERPRINT_LABEL);
			this.bundle = getSslBundle(service);
		}

		@Override
		public String getServiceUrl() {
			return this.serviceUrl;
		}

		@Override
		public @Nullable String getFingerprint() {
			return this.fingerprint;
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return this.bundle;
		}

		@Override
		public boolean isInsecure() {
			return this.fingerprint == null && this.bundle == null;
		}

	}

}
