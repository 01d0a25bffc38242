package io.weir.spring.autoconfigure.broker;

import java.util.List;
import java.util.Map;

import io.weir.broker.BrokerStats;
import io.weir.broker.TopicDescription;
import io.weir.broker.TopicStats;

/** Statistics in which little matters. */
final class Stats {

	private Stats() {
	}

	static BrokerStats connections(int connections) {
		return new BrokerStats(connections, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
				new BrokerStats.RedeliveryStats(0, 0, 0, 0, 0), 0, new BrokerStats.ProtocolStats(0, 0), Map.of());
	}

	static TopicStats topic(String name, int partitions, TopicStats... each) {
		return new TopicStats(name, partitions, 7, 0, new TopicStats.SpaceStats(1, 2, 3, 4), List.of(), List.of(),
				List.of(each));
	}

	static TopicDescription description(String name) {
		return new TopicDescription(name, 1, List.of(), List.of(), 1, 2L, List.of());
	}

}
