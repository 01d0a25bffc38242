package io.weir.spring.listener;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * The containers of an application's listeners. Starts those that start by themselves
 * with the application and stops all with it, side by side. When an application context
 * is stopped and started again, those that ran before run again. Safe to use from any
 * thread.
 */
public final class WeirListenerRegistry implements SmartLifecycle {

	private final Map<String, WeirListenerContainer> containers = Collections.synchronizedMap(new LinkedHashMap<>());

	private final List<WeirListenerRegistryListener> listeners = new CopyOnWriteArrayList<>();

	private volatile boolean running;

	/** What to start next; {@code null} before the first start. */
	private volatile @Nullable List<WeirListenerContainer> stoppedTogether;

	/**
	 * Adds a container, and starts it if the application has started.
	 * @param container a container with an id that no other one has
	 * @throws IllegalStateException if there is one of the same id
	 */
	public void register(WeirListenerContainer container) {
		if (this.containers.putIfAbsent(container.getId(), container) != null) {
			throw new IllegalStateException(
					"There are two listeners with the id '" + container.getId() + "'; ids must be unique");
		}
		container.siblings((topic, subscription) -> siblings(container, topic, subscription));
		this.listeners.forEach((listener) -> listener.registered(container));
		if (this.running && container.isAutoStartup()) {
			container.start();
		}
	}

	private List<ListenerTarget> siblings(WeirListenerContainer container, String topic, String subscription) {
		return getContainers().stream()
			.flatMap((other) -> Stream.ofNullable(other.target(container, topic, subscription)))
			.toList();
	}

	/**
	 * A container.
	 * @param id its id
	 * @return the container, or {@code null} if there is none
	 */
	public @Nullable WeirListenerContainer getContainer(String id) {
		Objects.requireNonNull(id, "id");
		return this.containers.get(id);
	}

	/**
	 * All containers.
	 * @return a copy, in the order of registration
	 */
	public Collection<WeirListenerContainer> getContainers() {
		synchronized (this.containers) {
			return List.copyOf(this.containers.values());
		}
	}

	/**
	 * The containers of a group.
	 * @param group the group
	 * @return a copy, in the order of registration; empty if there is no such group
	 */
	public List<WeirListenerContainer> getGroup(String group) {
		Objects.requireNonNull(group, "group");
		return getContainers().stream().filter((container) -> group.equals(container.getGroup())).toList();
	}

	/**
	 * Starts the containers of a group, whether they start by themselves or not.
	 * @param group the group
	 */
	public void startGroup(String group) {
		getGroup(group).forEach(WeirListenerContainer::start);
	}

	/**
	 * Stops the containers of a group, side by side, and waits for them.
	 * @param group the group
	 */
	public void stopGroup(String group) {
		CompletableFuture.allOf(getGroup(group).stream().map((container) -> {
			CompletableFuture<Void> stopped = new CompletableFuture<>();
			container.stop(() -> stopped.complete(null));
			return stopped;
		}).toArray(CompletableFuture[]::new)).join();
	}

	/**
	 * Stops a container, waits for that, and forgets it.
	 * @param id its id, which another one may have then
	 * @return whether there was one
	 */
	public boolean unregister(String id) {
		Objects.requireNonNull(id, "id");
		WeirListenerContainer container = this.containers.remove(id);
		if (container != null) {
			container.stop();
			this.listeners.forEach((listener) -> listener.unregistered(container));
		}
		return container != null;
	}

	/**
	 * Tells which containers there are, from now on.
	 * @param listener is told of those that there are at once
	 */
	public void addListener(WeirListenerRegistryListener listener) {
		this.listeners.add(Objects.requireNonNull(listener, "listener"));
		getContainers().forEach(listener::registered);
	}

	@Override
	public void start() {
		List<WeirListenerContainer> before = this.stoppedTogether;
		this.running = true;
		for (WeirListenerContainer container : getContainers()) {
			if ((before != null) ? before.contains(container) : container.isAutoStartup()) {
				container.start();
			}
		}
	}

	@Override
	public void stop() {
		stopAll().join();
	}

	@Override
	public void stop(Runnable callback) {
		Objects.requireNonNull(callback, "callback");
		stopAll().whenComplete((none, failure) -> callback.run());
	}

	private CompletableFuture<Void> stopAll() {
		this.running = false;
		List<WeirListenerContainer> active = getContainers().stream().filter(WeirListenerContainer::isRunning).toList();
		this.stoppedTogether = active;
		List<CompletableFuture<List<String>>> stopped = active.stream()
			.map(WeirListenerContainer::stopWithClient)
			.toList();
		return CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new))
			.thenRun(() -> ListenerGroup
				.tell(stopped.stream().flatMap((container) -> container.join().stream()).toList()));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WeirListenerContainer.PHASE;
	}

}
