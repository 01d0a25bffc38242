package io.weir.broker.engine.publish;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names that no producer has now, until they have been unused for so long. */
final class UnusedNames {

	/** Since when each is unused; the longest first. */
	private final Map<String, Long> since = new LinkedHashMap<>();

	private final long expiryMillis;

	UnusedNames(long expiryMillis) {
		this.expiryMillis = expiryMillis;
	}

	/** Nobody has the name any more. */
	void add(String name, long now) {
		this.since.remove(name);
		this.since.put(name, now);
	}

	/** Somebody has the name again. */
	void remove(String name) {
		this.since.remove(name);
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
		return expired;
	}

	private long expiry(long since) {
		return (this.expiryMillis < Long.MAX_VALUE - since) ? since + this.expiryMillis : Long.MAX_VALUE;
	}

}
