package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.weir.broker.engine.TopicSnapshot;
import io.weir.message.Topic;

/** Shows for which messages keys are held back. */
public final class ParkedKeys {

	private ParkedKeys() {
	}

	/**
	 * The first message of each key that is held back.
	 * @param topic the topic, or the partition
	 * @return as they stand in the log, {@value TopicSnapshot#MAX_PARKED} at most
	 */
	public static List<TopicSnapshot.Parked> of(Backlog backlog, Topic topic) {
		int wanted = Math.min(backlog.parkedKeys(), TopicSnapshot.MAX_PARKED);
		List<TopicSnapshot.Parked> parked = new ArrayList<>(wanted);
		Set<Integer> slots = new HashSet<>();
		if (wanted > 0) {
			for (PendingEntry entry : backlog.ledger().pending()) {
				for (int index = 0; index < entry.count() && parked.size() < wanted; index++) {
					if (entry.isDelayed(index) && slots.add(entry.keys().slot(index))) {
						parked.add(new TopicSnapshot.Parked(entry.position().message(topic.partition(), index),
								entry.redeliveries(index)));
					}
				}
			}
		}
		return List.copyOf(parked);
	}

}
