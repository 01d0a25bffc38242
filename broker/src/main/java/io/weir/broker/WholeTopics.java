package io.weir.broker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.weir.broker.TopicStats.ConsumerStats;
import io.weir.broker.TopicStats.ParkedStats;
import io.weir.broker.TopicStats.ProducerStats;
import io.weir.broker.TopicStats.RedeliveryStats;
import io.weir.broker.TopicStats.SpaceStats;
import io.weir.broker.TopicStats.SubscriptionStats;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.message.Topic;

/** Adds up what goes on in the partitions of topics, which are one for their users. */
final class WholeTopics {

	private WholeTopics() {
	}

	/**
	 * Makes one of the partitions of each topic.
	 * @param topics snapshots of topics, with all of the partitions that were used
	 * @param partitions how many a topic has
	 * @return ordered by name
	 */
	static List<TopicStats> of(List<TopicSnapshot> topics, ToIntFunction<Topic> partitions) {
		Map<Topic, Map<Topic, TopicStats>> wholes = new TreeMap<>();
		for (TopicSnapshot snapshot : topics) {
			Topic topic = new Topic(snapshot.name());
			wholes.computeIfAbsent(topic.whole(), (whole) -> new TreeMap<>(Comparator.comparingInt(Topic::partition)))
				.put(topic, Statistics.topic(snapshot));
		}
		return wholes.entrySet()
			.stream()
			.map((whole) -> whole(whole.getKey(), partitions.applyAsInt(whole.getKey()),
					List.copyOf(whole.getValue().values())))
			.toList();
	}

	private static TopicStats whole(Topic topic, int count, List<TopicStats> partitions) {
		TopicStats first = partitions.get(0);
		if (count == 1 && partitions.size() == 1 && first.name().equals(topic.name())) {
			return first;
		}
		long messagesIn = 0;
		long delayed = 0;
		SpaceStats space = new SpaceStats(0, 0, 0, 0);
		for (TopicStats partition : partitions) {
			messagesIn += partition.messagesIn();
			delayed += partition.delayed();
			space = sum(space, partition.space());
		}
		return new TopicStats(topic.name(), count, messagesIn, delayed, space,
				merge(partitions.stream().flatMap((each) -> each.producers().stream()), ProducerStats::name,
						WholeTopics::sum),
				merge(partitions.stream().flatMap((each) -> each.subscriptions().stream()), SubscriptionStats::name,
						WholeTopics::sum),
				partitions);
	}

	private static <T> List<T> merge(Stream<T> all, Function<T, String> name, BinaryOperator<T> sum) {
		Map<String, T> merged = new LinkedHashMap<>();
		all.forEach((each) -> merged.merge(name.apply(each), each, sum));
		return List.copyOf(merged.values());
	}

	private static SpaceStats sum(SpaceStats one, SpaceStats other) {
		return new SpaceStats(one.bytes() + other.bytes(), one.backlogBytes() + other.backlogBytes(),
				one.refusedBatches() + other.refusedBatches(), one.droppedMessages() + other.droppedMessages());
	}

	private static ProducerStats sum(ProducerStats one, ProducerStats other) {
		return new ProducerStats(one.name(), Math.max(one.epoch(), other.epoch()),
				Math.max(one.lastSequence(), other.lastSequence()));
	}

	private static SubscriptionStats sum(SubscriptionStats one, SubscriptionStats other) {
		return new SubscriptionStats(one.name(), one.type(), one.durable(), one.backlog() + other.backlog(),
				one.inFlight() + other.inFlight(), earlier(one.oldestUnacknowledged(), other.oldestUnacknowledged()),
				one.expired() + other.expired(), one.trimmed() + other.trimmed(),
				sum(one.redelivery(), other.redelivery()), (one.stopped() != null) ? one.stopped() : other.stopped(),
				sum(one.consumers(), other.consumers()));
	}

	private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
		return (other == null || (one != null && one.isBefore(other))) ? one : other;
	}

	private static RedeliveryStats sum(RedeliveryStats one, RedeliveryStats other) {
		List<ParkedStats> parked = Stream.concat(one.parked().stream(), other.parked().stream())
			.limit(TopicSnapshot.MAX_PARKED)
			.toList();
		return new RedeliveryStats(one.redelivered() + other.redelivered(), one.delayed() + other.delayed(),
				one.parkedKeys() + other.parkedKeys(), parked, one.deadLetters() + other.deadLetters(),
				one.deadLettersWaiting() + other.deadLettersWaiting());
	}

	/** A consumer reads all partitions; several may have the same name. */
	private static List<ConsumerStats> sum(List<ConsumerStats> ones, List<ConsumerStats> others) {
		Map<String, Deque<ConsumerStats>> left = new LinkedHashMap<>();
		others.forEach((each) -> left.computeIfAbsent(each.name(), (name) -> new ArrayDeque<>()).add(each));
		List<ConsumerStats> sums = new ArrayList<>();
		for (ConsumerStats one : ones) {
			Deque<ConsumerStats> same = left.getOrDefault(one.name(), new ArrayDeque<>());
			sums.add(same.isEmpty() ? one : sum(one, same.remove()));
		}
		left.values().forEach(sums::addAll);
		return List.copyOf(sums);
	}

	private static ConsumerStats sum(ConsumerStats one, ConsumerStats other) {
		long permits = (long) one.permits() + other.permits();
		return new ConsumerStats(one.name(), (int) Math.min(Integer.MAX_VALUE, permits),
				one.inFlight() + other.inFlight());
	}

}
