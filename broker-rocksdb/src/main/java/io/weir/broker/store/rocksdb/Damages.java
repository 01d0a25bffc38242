package io.weir.broker.store.rocksdb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.Damage;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** What was found to be damaged since the store was opened. Thread-safe. */
final class Damages {

	private static final Logger logger = LoggerFactory.getLogger(Damages.class);

	/** Beyond that none is remembered or said: there may be as many as entries. */
	private static final int MAX = 10_000;

	@GuardedBy("this")
	private final Map<Key, Damage> found = new LinkedHashMap<>();

	/** Takes note of damage, and says so in the log unless it is known. */
	void add(Damage damage) {
		if (isNew(damage)) {
			logger.error(
					"{}. The topic's other messages and all other topics are not affected; restore the data from"
							+ " a copy, have the entry skipped, or {}, which gives up what cannot be read",
					damage.reason(), LogFiles.SALVAGE);
		}
	}

	private synchronized boolean isNew(Damage damage) {
		return this.found.size() < MAX && this.found.putIfAbsent(Key.of(damage), damage) == null;
	}

	synchronized List<Damage> all() {
		return new ArrayList<>(this.found.values());
	}

	/** Entries are no longer in the log. */
	synchronized void forget(Topic topic, Set<Position> entries) {
		entries.forEach((position) -> this.found.remove(new Key(topic, position, null)));
	}

	/** What stood before an entry is no longer in the log. */
	synchronized void forgetBefore(Topic topic, Position first) {
		this.found.values().removeIf((damage) -> {
			Position position = damage.position();
			return damage.topic().equals(topic) && position != null && first.isAfter(position);
		});
	}

	/** The topic was deleted. */
	synchronized void forget(Topic topic) {
		this.found.keySet().removeIf((key) -> key.topic().equals(topic));
	}

	/** An entry, or something else by what is wrong with it. */
	private record Key(Topic topic, @Nullable Position position, @Nullable String reason) {

		static Key of(Damage damage) {
			Position position = damage.position();
			return new Key(damage.topic(), position, (position != null) ? null : damage.reason());
		}

	}

}
