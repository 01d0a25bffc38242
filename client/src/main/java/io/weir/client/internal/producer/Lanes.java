package io.weir.client.internal.producer;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** The lanes of a producer; the first one publishes on the stream that opened it. */
final class Lanes {

	private final List<Lane> lanes;

	/**
	 * Creates the lanes.
	 * @param settings say how many
	 * @param lane makes one
	 */
	Lanes(ProducerSettings settings, Supplier<Lane> lane) {
		int count = (settings.plan() instanceof LanePlan.Keyed keyed) ? keyed.lanes() : 1;
		this.lanes = Stream.generate(lane).limit(count).toList();
	}

	Lane first() {
		return this.lanes.get(0);
	}

	/** A key's lane, which never changes; messages without a key share the first one. */
	Lane of(@Nullable String key) {
		if (key == null || this.lanes.size() == 1) {
			return first();
		}
		return this.lanes.get(Math.floorMod(mixed(key.hashCode()), this.lanes.size()));
	}

	/** MurmurHash3's finalizer: hash codes of similar keys differ in too few bits. */
	private static int mixed(int hash) {
		int h = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
		h = (h ^ (h >>> 13)) * 0xC2B2AE35;
		return h ^ (h >>> 16);
	}

	void forEach(Consumer<Lane> action) {
		this.lanes.forEach(action);
	}

}
