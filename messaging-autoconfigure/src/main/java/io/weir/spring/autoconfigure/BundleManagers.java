package io.weir.spring.autoconfigure;

import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.util.Assert;

/**
 * The trust and key managers of an SSL bundle, the same ones until the bundle is
 * reloaded: a bundle makes new ones whenever it is asked, and the client resumes TLS
 * sessions only as long as they are the same. Safe to use from any thread.
 */
final class BundleManagers {

	private final Supplier<@Nullable SslBundle> bundles;

	private @Nullable SslBundle bundle;

	private @Nullable TrustManagerFactory trust;

	private @Nullable KeyManagerFactory keys;

	BundleManagers(Supplier<@Nullable SslBundle> bundles) {
		this.bundles = bundles;
	}

	synchronized TrustManagerFactory trust() {
		SslManagerBundle managers = managers();
		TrustManagerFactory factory = (this.trust != null) ? this.trust : managers.getTrustManagerFactory();
		this.trust = factory;
		return factory;
	}

	synchronized KeyManagerFactory keys() {
		SslManagerBundle managers = managers();
		KeyManagerFactory factory = (this.keys != null) ? this.keys : managers.getKeyManagerFactory();
		this.keys = factory;
		return factory;
	}

	private SslManagerBundle managers() {
		SslBundle present = this.bundles.get();
		Assert.state(present != null, "The SSL bundle is gone");
		if (present != this.bundle) {
			this.bundle = present;
			this.trust = null;
			this.keys = null;
		}
		return present.getManagers();
	}

}
