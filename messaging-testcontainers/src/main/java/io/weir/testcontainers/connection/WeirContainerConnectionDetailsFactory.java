package io.weir.testcontainers.connection;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

import io.weir.spring.autoconfigure.WeirConnectionDetails;
import io.weir.testcontainers.WeirBrokerContainer;

/** Of a {@link WeirBrokerContainer} with {@code @ServiceConnection}. */
final class WeirContainerConnectionDetailsFactory
		extends ContainerConnectionDetailsFactory<WeirBrokerContainer, WeirConnectionDetails> {

	@Override
	protected WeirConnectionDetails getContainerConnectionDetails(
			ContainerConnectionSource<WeirBrokerContainer> source) {
		return new WeirContainerConnectionDetails(source);
	}

	private static final class WeirContainerConnectionDetails extends ContainerConnectionDetails<WeirBrokerContainer>
			implements WeirConnectionDetails {

		WeirContainerConnectionDetails(ContainerConnectionSource<WeirBrokerContainer> source) {
			super(source);
		}

		@Override
		public String getServiceUrl() {
			return getContainer().getServiceUrl();
		}

		@Override
		public @Nullable String getFingerprint() {
			return (getSslBundle() == null) ? getContainer().getFingerprint() : null;
		}

		/** What {@code @PemTrustStore} and the like say beside the container. */
		@Override
		public @Nullable SslBundle getSslBundle() {
			return super.getSslBundle();
		}

	}

}
