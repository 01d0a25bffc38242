package io.weir.broker.store;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.MetadataStore.Versioned;
import io.weir.broker.store.MetadataStore.Watch;
import io.weir.broker.store.StorageException.Kind;

/**
 * The values of a {@link MetadataStore}, for storage engines that keep all of them in
 * memory. Read by any thread, written by one at a time.
 */
public final class MetadataTree {

	private static final Logger logger = LoggerFactory.getLogger(MetadataTree.class);

	private final NavigableMap<String, Versioned> values = new ConcurrentSkipListMap<>();

	private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

	/**
	 * Reads a value.
	 * @param key the key
	 * @return the value, empty if there is none
	 */
	public Optional<Versioned> get(String key) {
		return Optional.ofNullable(this.values.get(key));
	}

	/**
	 * The version of a key.
	 * @param key the key
	 * @return {@link MetadataStore#NO_VERSION} if it has no value
	 */
	public long version(String key) {
		Versioned present = this.values.get(key);
		return (present != null) ? present.version() : MetadataStore.NO_VERSION;
	}

	/**
	 * The names one level below a key.
	 * @param key the key
	 * @return the last parts of their keys
	 */
	public Set<String> children(String key) {
		String prefix = key.isEmpty() ? "" : key + "/";
		Set<String> children = new HashSet<>();
		for (String each : this.values.tailMap(prefix, false).keySet()) {
			if (!each.startsWith(prefix)) {
				break;
			}
			int end = each.indexOf('/', prefix.length());
			children.add(each.substring(prefix.length(), (end < 0) ? each.length() : end));
		}
		return Set.copyOf(children);
	}

	/**
	 * Sets a value and tells those who watch.
	 * @param key the key
	 * @param value the value
	 */
	public void put(String key, Versioned value) {
		this.values.put(key, value);
		tell(key);
	}

	/**
	 * Becomes what was stored, and tells those who watch what is different, or gone.
	 * @param stored all values
	 */
	public void replace(Map<String, Versioned> stored) {
		Set<String> changed = new TreeSet<>(this.values.keySet());
		changed.addAll(stored.keySet());
		changed.removeIf((key) -> Objects.equals(this.values.get(key), stored.get(key)));
		this.values.keySet().retainAll(stored.keySet());
		this.values.putAll(stored);
		changed.forEach(this::tell);
	}

	private void tell(String key) {
		this.watchers.forEach((watcher) -> watcher.changed(key));
	}

	/**
	 * As {@link MetadataStore#watch}.
	 * @param key a key
	 * @param listener is given the key that changed
	 * @return ends it
	 */
	public Watch watch(String key, Consumer<String> listener) {
		Watcher watcher = new Watcher(key, listener);
		this.watchers.add(watcher);
		return () -> this.watchers.remove(watcher);
	}

	/**
	 * What a write fails with that comes too late.
	 * @param key the key
	 * @param expected the version that was to be replaced
	 * @param present the version that is there
	 * @return the exception
	 */
	public static StorageException wrongVersion(String key, long expected, long present) {
		return new StorageException(Kind.FENCED,
				"Metadata " + key + " has version " + present + ", not " + expected + ": somebody else has changed it",
				null);
	}

	/** What listeners throw is theirs alone. */
	private record Watcher(String key, Consumer<String> listener) {

		void changed(String changed) {
			if (!this.key.isEmpty() && !changed.equals(this.key) && !changed.startsWith(this.key + "/")) {
				return;
			}
			try {
				this.listener.accept(changed);
			}
			catch (RuntimeException ex) {
				logger.error("Whoever watches metadata {} failed", this.key, ex);
			}
		}

	}

}
