package io.weir.broker.engine.publish;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names that no producer has now, until they have been unused for so long. */
final class UnusedNames {

	/**
	 * Since when each is unused; the longest first. A map of its own as long as there is
	 * something.
	 */
	private Map<String, Long> since = Map.of();

	private final long expiryMillis;

	UnusedNames(long expiryMillis) {
		this.expiryMillis = expiryMillis;
	}

	/** Nobody has the name any more. */
	void add(String name, long now) {
		if (this.since.isEmpty()) {
			this.since = new LinkedHashMap<>(2);
		}
		this.since.remove(name);
		this.since.put(name, now);
	}

	void addTo(Map<String, Long> names) {
		names.putAll(this.since);
	}

	/** Somebody has the name again. */
	void remove(String name) {
		if (this.since.containsKey(name)) {
			this.since.remove(name);
			giveUpIfEmpty();
		}
	}

	private void giveUpIfEmpty() {
		if (this.since.isEmpty()) {
			this.since = Map.of();
		}
	}

	/** When the next one expires; never, if there is none. */
	long nextExpiry() {
		return this.since.isEmpty() ? Long.MAX_VALUE : expiry(this.since.values().iterator().next());
	}

	/** Takes those out that have expired. */
	List<String> takeExpired(long now) {
		List<String> expired = new ArrayList<>();
		Iterator<Map.Entry<String, Long>> all = this.since.entrySet().iterator();
		while (all.hasNext()) {
			Map.Entry<String, Long> next = all.next();
			if (expiry(next.getValue()) > now) {
				break;
			}
			expired.add(next.getKey());
			all.remove();
		}
		giveUpIfEmpty();
		return expired;
	}

	private long expiry(long since) {
		return (this.expiryMillis < Long.MAX_VALUE - since) ? since + this.expiryMillis : Long.MAX_VALUE;
	}

}
