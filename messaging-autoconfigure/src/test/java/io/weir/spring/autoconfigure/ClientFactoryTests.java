package io.weir.spring.autoconfigure;

import java.lang.reflect.Proxy;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslStoreBundle;

import io.weir.client.ConnectionListener;
import io.weir.client.StreamPoolSettings;
import io.weir.client.WeirClientBuilder;
import io.weir.spring.fake.FakeWeirClient;

import static org.assertj.core.api.Assertions.assertThat;

class ClientFactoryTests {

	private static final String FINGERPRINT = "ab".repeat(32);

	private static final ConnectionListener LISTENER = (connection) -> {
	};

	private final Map<String, Object> properties = new HashMap<>();

	private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();

	@Test
	void defaultsReachTheBuilder() {
		assertThat(build()).containsEntry("serviceUrl", "weir://localhost:7750")
			.containsEntry("name", "shop")
			.containsEntry("connections", 1)
			.containsEntry("connectTimeout", Duration.ofSeconds(5))
			.containsEntry("heartbeatInterval", Duration.ofSeconds(10))
			.containsEntry("pool", StreamPoolSettings.DEFAULTS)
			.doesNotContainKeys("trust", "fingerprint", "insecure", "token");
	}

	@Test
	void propertiesReachTheBuilder() {
		this.properties.putAll(Map.of("weir.client.service-url", "weir://a,b", "weir.client.connections", 3,
				"weir.client.auth.token", "secret", "weir.client.ssl.fingerprint", FINGERPRINT,
				"weir.client.heartbeat.interval", "1s", "weir.client.pool.max-size", 7));
		assertThat(build()).containsEntry("serviceUrl", "weir://a,b")
			.containsEntry("connections", 3)
			.containsEntry("token", "secret")
			.containsEntry("heartbeatInterval", Duration.ofSeconds(1))
			.doesNotContainKeys("trust", "insecure")
			.hasEntrySatisfying("fingerprint", (told) -> assertThat(((Supplier<?>) told).get()).isEqualTo(FINGERPRINT))
			.extractingByKey("pool")
			.extracting("maxSize")
			.isEqualTo(7);
	}

	@Test
	void insecureIsSaidByName() {
		this.properties.put("weir.client.ssl.insecure", true);
		assertThat(build()).containsKey("insecure").doesNotContainKeys("trust", "fingerprint");
	}

	@Test
	void aReloadedBundleIsUsedByTheNextConnect() throws Exception {
		this.properties.put("weir.client.ssl.bundle", "weir");
		this.bundles.registerBundle("weir", bundle());
		@SuppressWarnings("unchecked")
		Supplier<TrustManagerFactory> trust = (Supplier<TrustManagerFactory>) build().get("trust");
		assertThat(trust.get()).isSameAs(this.bundles.getBundle("weir").getManagers().getTrustManagerFactory());
		SslBundle reloaded = bundle();
		this.bundles.updateBundle("weir", reloaded);
		assertThat(trust.get()).isSameAs(reloaded.getManagers().getTrustManagerFactory());
	}

	/** Whoever trusts the same may resume a session. */
	@Test
	void aBundleGivesTheSameTrustManagersUntilItIsReloaded() {
		this.properties.put("weir.client.ssl.bundle", "weir");
		this.bundles.registerBundle("weir", SslBundle.of(SslStoreBundle.NONE));
		@SuppressWarnings("unchecked")
		Supplier<TrustManagerFactory> trust = (Supplier<TrustManagerFactory>) build().get("trust");
		TrustManagerFactory first = trust.get();
		assertThat(trust.get()).isSameAs(first);
		this.bundles.updateBundle("weir", SslBundle.of(SslStoreBundle.NONE));
		assertThat(trust.get()).isNotSameAs(first);
	}

	@Test
	void theKeysOfABundleAreTheClientsCertificateAndReloadedAsWell() throws Exception {
		this.properties.put("weir.client.ssl.bundle", "weir");
		this.bundles.registerBundle("weir", bundleWithKeys());
		@SuppressWarnings("unchecked")
		Supplier<KeyManagerFactory> certificate = (Supplier<KeyManagerFactory>) build().get("certificate");
		KeyManagerFactory first = certificate.get();
		assertThat(certificate.get()).isSameAs(first);
		this.bundles.updateBundle("weir", bundleWithKeys());
		assertThat(certificate.get()).isNotSameAs(first);
	}

	@Test
	void aBundleWithoutKeysGivesTheClientNoCertificate() {
		this.properties.put("weir.client.ssl.bundle", "weir");
		this.bundles.registerBundle("weir", SslBundle.of(SslStoreBundle.NONE));
		assertThat(build()).containsKey("trust").doesNotContainKey("certificate");
	}

	private static SslBundle bundleWithKeys() throws Exception {
		KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
		keys.load(null, null);
		return SslBundle.of(SslStoreBundle.of(keys, null, null));
	}

	private static SslBundle bundle() throws Exception {
		return SslBundle.of(null, null, null, null,
				SslManagerBundle.of(KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()),
						TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())));
	}

	/** What a builder was told, by the names of its methods. */
	private Map<String, @Nullable Object> build() {
		Map<String, @Nullable Object> told = new HashMap<>();
		WeirClientBuilder builder = (WeirClientBuilder) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { WeirClientBuilder.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("build")) {
						return new FakeWeirClient();
					}
					told.put(method.getName(), (arguments != null) ? arguments[0] : null);
					return proxy;
				});
		WeirProperties bound = new Binder(new MapConfigurationPropertySource(this.properties)).bindOrCreate("weir",
				WeirProperties.class);
		new ClientFactory(bound.client(),
				new PropertiesWeirConnectionDetails("weir.client", bound.client(), this.bundles))
			.create(builder, "shop", List.of(LISTENER), List.of((customized) -> told.put("customized", true)));
		assertThat(told).containsKey("customized").containsEntry("connectionListener", LISTENER);
		return told;
	}

}
