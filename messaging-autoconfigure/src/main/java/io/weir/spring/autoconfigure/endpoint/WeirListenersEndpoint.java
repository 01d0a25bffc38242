package io.weir.spring.autoconfigure.endpoint;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import io.weir.spring.listener.ListenerStatus;
import io.weir.spring.listener.WeirListenerContainer;
import io.weir.spring.listener.WeirListenerRegistry;

/** Actuator endpoint {@code weirlisteners}: the listeners and what they are doing. */
@Endpoint(id = "weirlisteners", defaultAccess = Access.READ_ONLY)
public final class WeirListenersEndpoint {

	private final WeirListenerRegistry registry;

	WeirListenersEndpoint(WeirListenerRegistry registry) {
		this.registry = registry;
	}

	/**
	 * All listeners.
	 * @return in the order of registration
	 */
	@ReadOperation
	public List<ListenerStatus> listeners() {
		return this.registry.getContainers().stream().map(WeirListenerContainer::getStatus).toList();
	}

	/**
	 * One listener.
	 * @param id its id
	 * @return what it is doing, or {@code null} if there is no such listener
	 */
	@ReadOperation
	public @Nullable ListenerStatus listener(@Selector String id) {
		WeirListenerContainer container = this.registry.getContainer(id);
		return (container != null) ? container.getStatus() : null;
	}

	/**
	 * Acts on a listener. Stopping waits until the listener has finished.
	 * @param id its id
	 * @param action what to do
	 * @return what it is doing afterwards
	 */
	@WriteOperation
	public ListenerStatus act(@Selector String id, Action action) {
		WeirListenerContainer container = this.registry.getContainer(id);
		if (container == null) {
			String reason = "There is no listener '" + id + "'; there are "
					+ this.registry.getContainers().stream().map(WeirListenerContainer::getId).toList();
			throw new InvalidEndpointRequestException(reason, reason);
		}
		switch (action) {
			case PAUSE -> container.pause();
			case RESUME -> container.resume();
			case STOP -> container.stop();
			case START -> container.start();
		}
		return container.getStatus();
	}

	/** What can be done to a listener. */
	public enum Action {

		/** Receive nothing until resumed. */
		PAUSE,

		/** Take back a pause. */
		RESUME,

		/** Finish and leave the subscription. */
		STOP,

		/** Subscribe again. */
		START

	}

}
