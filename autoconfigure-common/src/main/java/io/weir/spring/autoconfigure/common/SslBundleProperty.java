package io.weir.spring.autoconfigure.common;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/**
 * Finds the SSL bundle that a property names. For the auto-configurations of the client
 * and the broker, not for applications.
 */
public final class SslBundleProperty {

	/** QUIC is made for no other version (RFC 9001, section 4.2). */
	private static final Set<String> PROTOCOLS = Set.of("TLSv1.3");

	/** Those of TLS 1.3, in which the TLS library lets nobody choose. */
	private static final Set<String> CIPHERS = new TreeSet<>(
			Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"));

	private SslBundleProperty() {
	}

	/**
	 * Finds a bundle that QUIC can do with.
	 * @param property the property's name
	 * @param name its value
	 * @param bundles the bundles of the application, or {@code null} if it has none
	 * @return the bundle
	 * @throws InvalidConfigurationPropertyValueException naming those that there are, or
	 * what QUIC cannot do
	 */
	public static SslBundle find(String property, String name, @Nullable SslBundles bundles) {
		try {
			if (bundles != null) {
				return checked(property, name, bundles.getBundle(name));
			}
		}
		catch (NoSuchSslBundleException ex) {
			// Its cause says no more.
		}
		List<String> known = (bundles != null) ? bundles.getBundleNames().stream().sorted().toList() : List.of();
		throw new InvalidConfigurationPropertyValueException(property, name,
				"There is no such SSL bundle. " + (known.isEmpty()
						? "There is none at all: define one below 'spring.ssl.bundle'." : "There are " + known + "."));
	}

	/**
	 * What a bundle lists is what may be negotiated. Of what QUIC may negotiate nothing
	 * can be left out.
	 */
	private static SslBundle checked(String property, String name, SslBundle bundle) {
		SslOptions options = bundle.getOptions();
		require(property, name, "enabled-protocols", "protocols", options.getEnabledProtocols(), PROTOCOLS);
		require(property, name, "ciphers", "ciphers", options.getCiphers(), CIPHERS);
		return bundle;
	}

	private static void require(String property, String name, String option, String what, String @Nullable [] permitted,
			Set<String> needed) {
		if (permitted != null && permitted.length > 0 && !List.of(permitted).containsAll(needed)) {
			throw new InvalidConfigurationPropertyValueException(property, name,
					"Its option '" + option + "' permits the " + what + " " + List.of(permitted)
							+ ", but QUIC may use any of " + needed + ". Permit them all, or leave 'options." + option
							+ "' of the bundle out.");
		}
	}

}
