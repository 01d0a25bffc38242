package io.weir.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

import io.weir.spring.autoconfigure.common.SslBundleProperty;

/** What {@code weir.client.*} says. */
final class PropertiesWeirConnectionDetails implements WeirConnectionDetails {

	private final ClientProperties properties;

	private final @Nullable SslBundles bundles;

	PropertiesWeirConnectionDetails(ClientProperties properties, @Nullable SslBundles bundles) {
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
		return (bundle != null) ? SslBundleProperty.find("weir.client.ssl.bundle", bundle, this.bundles) : null;
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
