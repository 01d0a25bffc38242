package io.weir.spring.autoconfigure;

import java.util.List;

import io.weir.client.ConnectionListener;
import io.weir.client.StreamPoolSettings;
import io.weir.client.WeirClient;
import io.weir.client.WeirClientBuilder;

/** Builds the client from properties, connection details and customizers. */
final class ClientFactory {

	private final WeirProperties.Client properties;

	private final WeirConnectionDetails details;

	ClientFactory(WeirProperties.Client properties, WeirConnectionDetails details) {
		this.properties = properties;
		this.details = details;
	}

	WeirClient create(WeirClientBuilder builder, String name, List<ConnectionListener> listeners,
			List<WeirClientCustomizer> customizers) {
		builder.serviceUrl(this.details.getServiceUrl())
			.name(name)
			.connections(this.properties.connections())
			.connectTimeout(this.properties.connectTimeout())
			.heartbeatInterval(this.properties.heartbeat().interval())
			.pool(pool());
		trust(builder);
		String token = this.details.getToken();
		if (token != null) {
			builder.token(token);
		}
		listeners.forEach(builder::connectionListener);
		customizers.forEach((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	private void trust(WeirClientBuilder builder) {
		String fingerprint = this.details.getFingerprint();
		if (this.details.isInsecure()) {
			builder.insecure();
		}
		else if (fingerprint != null) {
			builder.fingerprint(fingerprint);
		}
		else if (this.details.getSslBundle() != null) {
			builder.trust(new BundleTrust(this.details::getSslBundle));
		}
	}

	private StreamPoolSettings pool() {
		WeirProperties.Pool pool = this.properties.pool();
		return new StreamPoolSettings(pool.minSize(), pool.maxSize(), pool.initialSize(), pool.maxIdleTime(),
				pool.maxLifetime(), pool.validationInterval(), pool.borrowTimeout(), pool.leakDetectionThreshold(),
				pool.strictFifo());
	}

}
