package io.weir.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

import io.weir.spring.autoconfigure.common.SslBundleProperty;

/** What the properties of a client say. */
final class PropertiesWeirConnectionDetails implements WeirConnectionDetails {

	private final String key;

	private final ClientProperties properties;

	private final @Nullable SslBundles bundles;

	/**
	 * Creates the details.
	 * @param key below which the properties are
	 */
	PropertiesWeirConnectionDetails(String key, ClientProperties properties, @Nullable SslBundles bundles) {
		this.key = key;
		this.properties = properties;
		this.bundles = bundles;
	}

	@Override
	public String getServiceUrl() {
		return this.properties.serviceUrl();
	}

	@Override
	public @Nullable String getFingerprint() {
		return this.properties.ssl().fingerprint();
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		String bundle = this.properties.ssl().bundle();
		return (bundle != null) ? SslBundleProperty.find(this.key + ".ssl.bundle", bundle, this.bundles) : null;
	}

	@Override
	public @Nullable String getToken() {
		return this.properties.auth().token();
	}

	@Override
	public boolean isInsecure() {
		return this.properties.ssl().insecure();
	}

}
