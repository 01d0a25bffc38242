package io.weir.spring.autoconfigure;

import java.util.function.Supplier;

import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.Assert;

/**
 * The trust managers of an SSL bundle, the same ones until the bundle is reloaded: a
 * bundle makes new ones whenever it is asked, and the client resumes TLS sessions only as
 * long as it trusts the same. Safe to use from any thread.
 */
final class BundleTrust implements Supplier<TrustManagerFactory> {

	private final Supplier<@Nullable SslBundle> bundles;

	private @Nullable SslBundle bundle;

	private @Nullable TrustManagerFactory trust;

	BundleTrust(Supplier<@Nullable SslBundle> bundles) {
		this.bundles = bundles;
	}

	@Override
	public synchronized TrustManagerFactory get() {
		SslBundle present = this.bundles.get();
		Assert.state(present != null, "The SSL bundle is gone");
		TrustManagerFactory factory = (this.trust != null && present == this.bundle) ? this.trust
				: present.getManagers().getTrustManagerFactory();
		this.bundle = present;
		this.trust = factory;
		return factory;
	}

}
