package io.weir.spring.autoconfigure;

import java.util.List;

import io.weir.client.ConnectionListener;
import io.weir.client.StreamPoolSettings;
import io.weir.client.WeirClient;
import io.weir.client.WeirClientBuilder;
import io.weir.spring.autoconfigure.common.PropertySink;

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
		configure(builder, this.properties, PropertySink.checked());
		builder.serviceUrl(this.details.getServiceUrl()).name(name);
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

	/** What is not for connection details to say. */
	static void configure(WeirClientBuilder builder, WeirProperties.Client properties, PropertySink sink) {
		sink.set("connections", properties.connections(), builder::connections);
		sink.set("connect-timeout", properties.connectTimeout(), builder::connectTimeout);
		sink.set("heartbeat.interval", properties.heartbeat().interval(), builder::heartbeatInterval);
		WeirProperties.Pool pool = properties.pool();
		StreamPoolSettings streams = sink.at("pool")
			.make(() -> new StreamPoolSettings(pool.minSize(), pool.maxSize(), pool.initialSize(), pool.maxIdleTime(),
					pool.maxLifetime(), pool.validationInterval(), pool.borrowTimeout(), pool.leakDetectionThreshold(),
					pool.strictFifo()), "maxSize");
		if (streams != null) {
			builder.pool(streams);
		}
	}

}
