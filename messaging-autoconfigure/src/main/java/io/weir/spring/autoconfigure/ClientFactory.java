package io.weir.spring.autoconfigure;

import java.util.List;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.Assert;

import io.weir.client.ConnectionListener;
import io.weir.client.StreamPoolSettings;
import io.weir.client.WeirClient;
import io.weir.client.WeirClientBuilder;
import io.weir.spring.autoconfigure.common.PropertySink;

/** Builds the client from properties, connection details and customizers. */
final class ClientFactory {

	private final ClientProperties properties;

	private final WeirConnectionDetails details;

	ClientFactory(ClientProperties properties, WeirConnectionDetails details) {
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
		SslBundle bundle = this.details.getSslBundle();
		BundleManagers managers = new BundleManagers(this.details::getSslBundle);
		if (bundle != null && bundle.getStores().getKeyStore() != null) {
			builder.certificate(managers::keys);
		}
		if (this.details.isInsecure()) {
			builder.insecure();
		}
		else if (this.details.getFingerprint() != null) {
			builder.fingerprint(this::fingerprint);
		}
		else if (bundle != null) {
			builder.trust(managers::trust);
		}
	}

	private String fingerprint() {
		String fingerprint = this.details.getFingerprint();
		Assert.state(fingerprint != null, "The fingerprint is gone");
		return fingerprint;
	}

	/** What is not for connection details to say. */
	static void configure(WeirClientBuilder builder, ClientProperties properties, PropertySink sink) {
		sink.set("connections", properties.connections(), builder::connections);
		sink.set("connect-timeout", properties.connectTimeout(), builder::connectTimeout);
		sink.set("heartbeat.interval", properties.heartbeat().interval(), builder::heartbeatInterval);
		ClientProperties.Pool pool = properties.pool();
		StreamPoolSettings streams = sink.at("pool")
			.make(() -> new StreamPoolSettings(pool.minSize(), pool.maxSize(), pool.initialSize(), pool.maxIdleTime(),
					pool.maxLifetime(), pool.validationInterval(), pool.borrowTimeout(), pool.leakDetectionThreshold(),
					pool.strictFifo()), "maxSize");
		if (streams != null) {
			builder.pool(streams);
		}
	}

}
