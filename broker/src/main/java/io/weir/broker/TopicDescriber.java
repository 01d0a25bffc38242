package io.weir.broker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.weir.broker.TopicDescription.KeptMessage;
import io.weir.broker.TopicDescription.KeptMessages;
import io.weir.broker.TopicDescription.SubscriptionDescription;
import io.weir.broker.engine.Browse;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.policy.StatedPolicies;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.store.Entry;
import io.weir.broker.store.Extent;
import io.weir.concurrent.Causes;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/** Puts together what is known of a topic. */
final class TopicDescriber {

	private final Engine engine;

	private final LocalSession local;

	TopicDescriber(Engine engine, LocalSession local) {
		this.engine = engine;
		this.local = local;
	}

	/**
	 * Describes a topic.
	 * @param topic the topic, or a partition
	 * @param count how many partitions it has
	 * @return what is known; exceptionally {@link ProtocolException} with
	 * {@link ErrorCode#NOT_FOUND} if there is no such topic
	 */
	CompletionStage<TopicDescription> describe(Topic topic, int count) {
		return this.engine.snapshot(topic).thenCompose((snapshots) -> {
			if (snapshots.isEmpty() && !this.engine.exists(topic)) {
				throw new ProtocolException(ErrorCode.NOT_FOUND, "There is no topic '" + topic + "'");
			}
			return this.engine.policies()
				.stated(topic)
				.thenCompose((stated) -> kept(topic, count, snapshots)
					.thenApply((kept) -> describe(topic, count, snapshots, stated, kept)));
		});
	}

	private TopicDescription describe(Topic topic, int count, List<TopicSnapshot> snapshots, StatedPolicies stated,
			List<KeptMessages> kept) {
		PolicyDefaults defaults = this.engine.policies().defaults();
		String name = topic.whole().name();
		Map<String, SubscriptionPolicies> subscriptions = new TreeMap<>(stated.subscriptions());
		snapshots.stream()
			.flatMap((each) -> each.subscriptions().stream())
			.filter(TopicSnapshot.Subscription::durable)
			.forEach((each) -> subscriptions.putIfAbsent(each.name(), SubscriptionPolicies.none()));
		boolean known = kept.stream().allMatch((each) -> each.messages() != null);
		return new TopicDescription(topic.name(), count, defaults.describe(name, stated.topic()),
				subscriptions.entrySet()
					.stream()
					.map((each) -> new SubscriptionDescription(each.getKey(), defaults.describe(name, each.getValue())))
					.toList(),
				kept.stream().mapToLong(KeptMessages::bytes).sum(),
				known ? kept.stream().mapToLong((each) -> Objects.requireNonNull(each.messages())).sum() : null, kept);
	}

	/** One partition after the other: each may have two large batches to read. */
	private CompletionStage<List<KeptMessages>> kept(Topic topic, int count, List<TopicSnapshot> snapshots) {
		List<Topic> partitions = (topic.partition() > 0) ? List.of(topic)
				: IntStream.range(0, count).mapToObj(topic::partition).toList();
		List<KeptMessages> all = new ArrayList<>();
		CompletionStage<?> done = CompletableFuture.completedStage(all);
		for (Topic partition : partitions) {
			done = done.thenCompose((before) -> kept(partition, snapshots)).thenAccept(all::add);
		}
		return done.thenApply((last) -> all);
	}

	private CompletionStage<KeptMessages> kept(Topic partition, List<TopicSnapshot> snapshots) {
		for (TopicSnapshot snapshot : snapshots) {
			if (snapshot.name().equals(partition.name())) {
				return read(partition, snapshot.space().bytes());
			}
		}
		// One that is there and did not answer says why.
		return this.engine.exists(partition) ? read(partition, 0)
				: CompletableFuture.completedStage(nothing(partition, 0));
	}

	private CompletionStage<KeptMessages> read(Topic partition, long bytes) {
		return read(partition, Position.BEFORE_FIRST.after()).thenCompose((first) -> {
			// Of an end that is damaged no one knows where the other one is.
			CompletionStage<End> end = (first.lastStored() != null) ? read(partition, first.lastStored())
					: CompletableFuture.completedStage(first);
			return end.thenApply((last) -> kept(partition, bytes, first, last));
		});
	}

	private static KeptMessages kept(Topic partition, long bytes, End first, End last) {
		String damage = (first.damage() != null) ? first.damage() : last.damage();
		boolean known = first.first() != null && last.last() != null;
		if (!known && damage == null) {
			return nothing(partition, bytes);
		}
		return new KeptMessages(partition.name(), bytes,
				known ? last.after().messages() - first.before().messages() : null, first.first(), last.last(), damage);
	}

	private static KeptMessages nothing(Topic partition, long bytes) {
		return new KeptMessages(partition.name(), bytes, 0L, null, null, null);
	}

	private CompletionStage<End> read(Topic partition, Position from) {
		return this.local.ask(partition, (replyTo) -> new Browse(replyTo, from, 1, 1))
			.thenApply((answer) -> End.of(partition, (Effect.Browsed) answer))
			.exceptionallyCompose((failure) -> {
				ProtocolException refused = Causes.find(failure, ProtocolException.class);
				return (refused != null && refused.code() == ErrorCode.TOPIC_DAMAGED)
						? CompletableFuture.completedStage(End.damaged(String.valueOf(refused.getMessage())))
						: CompletableFuture.failedStage(failure);
			});
	}

	/**
	 * The first or the last entry of a log.
	 *
	 * @param first its first message, or {@code null} if there is no entry
	 * @param last its last message
	 * @param before what the log has before it
	 * @param after what the log has up to it
	 * @param lastStored where the last one is, or {@code null} if there is none
	 * @param damage why it cannot be read, or {@code null}
	 */
	private record End(@Nullable KeptMessage first, @Nullable KeptMessage last, Extent before, Extent after,
			@Nullable Position lastStored, @Nullable String damage) {

		private static final End NONE = new End(null, null, Extent.NONE, Extent.NONE, null, null);

		static End damaged(String damage) {
			return new End(null, null, Extent.NONE, Extent.NONE, null, damage);
		}

		/** Releases what was read. */
		static End of(Topic partition, Effect.Browsed browsed) {
			try {
				return browsed.entries().isEmpty() ? NONE
						: of(partition, browsed.entries().get(0), browsed.lastStored());
			}
			finally {
				browsed.release();
			}
		}

		private static End of(Topic partition, Entry entry, Position lastStored) {
			return new End(message(partition, entry, 0), message(partition, entry, entry.header().count() - 1),
					entry.header().before(), entry.header().after(entry.batch().readableBytes()), lastStored, null);
		}

		private static KeptMessage message(Topic partition, Entry entry, int index) {
			return new KeptMessage(entry.position().message(partition.partition(), index).toString(),
					Instant.ofEpochMilli(entry.header().publishTime()));
		}

	}

}
