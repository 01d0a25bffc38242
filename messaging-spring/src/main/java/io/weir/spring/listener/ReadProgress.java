package io.weir.spring.listener;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.message.Message;
import io.weir.message.MessageId;

/**
 * How far a listener has come that reads a topic without a subscription, in each of its
 * partitions: behind the last message before which all are done with. What comes after it
 * is read again if the reader ends. Safe to use from any thread.
 */
final class ReadProgress {

	@GuardedBy("this")
	private final Map<Integer, Partition> partitions = new TreeMap<>();

	/** A reader begins; the listener has nothing of the one before it any more. */
	synchronized void begin() {
		this.partitions.values().forEach((partition) -> partition.underWay.clear());
	}

	/** Where it goes on: after these, one of each partition of which anything is done. */
	synchronized List<MessageId> done() {
		List<MessageId> done = new ArrayList<>();
		for (Partition partition : this.partitions.values()) {
			if (partition.done != null) {
				done.add(partition.done);
			}
		}
		return done;
	}

	synchronized void taken(Message<?> message) {
		this.partitions.computeIfAbsent(message.partition(), (number) -> new Partition()).underWay.put(message.id(),
				false);
	}

	synchronized void done(Message<?> message) {
		Partition partition = this.partitions.get(message.partition());
		if (partition == null) {
			return;
		}
		partition.underWay.computeIfPresent(message.id(), (id, done) -> true);
		Iterator<Map.Entry<MessageId, Boolean>> first = partition.underWay.entrySet().iterator();
		while (first.hasNext()) {
			Map.Entry<MessageId, Boolean> next = first.next();
			if (!next.getValue()) {
				return;
			}
			partition.done = next.getKey();
			first.remove();
		}
	}

	private static final class Partition {

		/** What the listener was given, in order, and whether it is done with that. */
		private final Map<MessageId, Boolean> underWay = new LinkedHashMap<>();

		private @Nullable MessageId done;

	}

}
