package io.weir.spring.autoconfigure;

import java.util.Set;
import java.util.TreeSet;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.SmartLifecycle;

import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerRegistry;

/**
 * Keeps an application from starting with settings for a listener that is not there. A
 * lifecycle, since listeners are known when all beans are there.
 */
final class ListenerIdsCheck implements SmartLifecycle {

	private final Set<String> configured;

	private final WeirListenerRegistry registry;

	private volatile boolean running;

	ListenerIdsCheck(Set<String> configured, WeirListenerRegistry registry) {
		this.configured = configured;
		this.registry = registry;
	}

	@Override
	public void start() {
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
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE / 2;
	}

}
