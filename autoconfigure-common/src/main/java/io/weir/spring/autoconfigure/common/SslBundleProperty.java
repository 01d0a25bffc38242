package io.weir.spring.autoconfigure.common;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Finds the SSL bundle that a property names. For the auto-configurations of the client
 * and the broker, not for applications.
 */
public final class SslBundleProperty {

	private SslBundleProperty() {
	}

	/**
	 * Finds a bundle.
	 * @param property the property's name
	 * @param name its value
	 * @param bundles the bundles of the application, or {@code null} if it has none
	 * @return the bundle
	 * @throws InvalidConfigurationPropertyValueException naming those that there are
	 */
	public static SslBundle find(String property, String name, @Nullable SslBundles bundles) {
		try {
			if (bundles != null) {
				return bundles.getBundle(name);
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

}
