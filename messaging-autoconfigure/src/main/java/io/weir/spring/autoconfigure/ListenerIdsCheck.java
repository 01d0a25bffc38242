package io.weir.spring.autoconfigure;

import java.util.Set;
import java.util.TreeSet;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerRegistry;

/** Keeps an application from starting with settings for a listener that is not there. */
final class ListenerIdsCheck extends StartupCheck {

	private final Set<String> configured;

	private final WeirListenerRegistry registry;

	ListenerIdsCheck(Set<String> configured, WeirListenerRegistry registry) {
		this.configured = configured;
		this.registry = registry;
	}

	@Override
	void check() {
		Set<String> ids = new TreeSet<>();
		for (WeirListenerContainer container : this.registry.getContainers()) {
			ids.add(container.getId());
		}
		for (String id : this.configured) {
			if (!ids.contains(id)) {
				throw new InvalidConfigurationPropertyValueException(PropertyRules.entry("weir.listeners", id), null,
						"There is no listener with this id; there are " + ids + ".");
			}
		}
	}

}
