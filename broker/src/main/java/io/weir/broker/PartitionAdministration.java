package io.weir.broker;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.session.TopicPartitions;
import io.weir.broker.store.MetadataNames;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.MetadataStore.Versioned;
import io.weir.concurrent.Stages;
import io.weir.message.InitialPosition;
import io.weir.message.Topic;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Gives topics partitions: keeps the numbers where all brokers of the store see them, and
 * follows them there.
 */
final class PartitionAdministration implements AutoCloseable {

	private static final String ROOT = "partitions";

	private final MetadataStore metadata;

	private final TopicPartitions known;

	private final Engine engine;

	private final LocalSession local;

	private final TopicTurns turns;

	private final MetadataStore.Watch watch;

	PartitionAdministration(MetadataStore metadata, TopicPartitions known, Engine engine, LocalSession local,
			TopicTurns turns) {
		this.metadata = metadata;
		this.known = known;
		this.engine = engine;
		this.local = local;
		this.turns = turns;
		this.watch = metadata.watch(ROOT, (key) -> read(MetadataNames.topic(key.substring(ROOT.length() + 1))));
	}

	/** Completes when all numbers that are stored are known. */
	CompletionStage<Void> load() {
		return this.metadata.children(ROOT)
			.thenCompose((names) -> all(names.stream().map((name) -> read(MetadataNames.topic(name))).toList()));
	}

	int count(Topic topic) {
		return this.known.count(topic);
	}

	/**
	 * Gives a topic partitions.
	 * @param count how many it has then; as many as it has changes nothing
	 * @return completes when that is stored and known; exceptionally
	 * {@link ProtocolException} with {@link ErrorCode#INVALID_REQUEST} if it has more
	 * already
	 */
	CompletionStage<Void> raise(Topic topic, int count) {
		return this.turns.take(topic, () -> raiseNow(topic, count));
	}

	private CompletionStage<Void> raiseNow(Topic topic, int count) {
		return this.metadata.get(key(topic)).thenCompose((stored) -> {
			int present = stored.map(PartitionAdministration::count).orElse(1);
			if (count < present) {
				throw new ProtocolException(ErrorCode.INVALID_REQUEST, "Topic '" + topic + "' has " + present
						+ " partitions; it can be given more, but not fewer, and " + count + " was asked for");
			}
			if (count == present) {
				return CompletableFuture.completedStage(null);
			}
			long version = stored.map(Versioned::version).orElse(MetadataStore.NO_VERSION);
			return this.engine.snapshot(topic)
				.thenCompose((topics) -> subscribe(topics, topic, present, count))
				.thenCompose((subscribed) -> this.metadata.put(key(topic), bytes(count), version))
				.thenCompose((put) -> read(topic));
		});
	}

	/** A topic is deleted: who makes it again makes one without partitions. */
	CompletionStage<Void> forget(Topic topic) {
		return this.metadata.get(key(topic)).thenCompose((stored) -> {
			if (stored.map(PartitionAdministration::count).orElse(1) == 1) {
				return CompletableFuture.completedStage(null);
			}
			return this.metadata.put(key(topic), bytes(1), stored.get().version()).thenCompose((put) -> read(topic));
		});
	}

	/**
	 * The new partitions have the topic's subscriptions before anything is published
	 * there, or one whose consumer is not there now would miss it.
	 */
	private CompletionStage<Void> subscribe(List<TopicSnapshot> topics, Topic topic, int from, int to) {
		return all(topics.stream()
			.filter((each) -> each.name().equals(topic.name()))
			.flatMap((each) -> each.subscriptions().stream())
			.filter(TopicSnapshot.Subscription::durable)
			.flatMap((each) -> IntStream.range(from, to).mapToObj((number) -> subscribe(topic.partition(number), each)))
			.toList());
	}

	private CompletionStage<Void> subscribe(Topic partition, TopicSnapshot.Subscription subscription) {
		Peer consumer = this.local.newPeer();
		return this.local
			.ask(partition,
					(replyTo) -> new Command.Subscribe(replyTo, consumer, subscription.name(), subscription.type(),
							InitialPosition.EARLIEST, "weir:partitions", true, ConsumerInstance.once()))
			.thenCompose((subscribed) -> this.local.ask(partition,
					(replyTo) -> new Command.CloseConsumer(replyTo, consumer)))
			.thenAccept((closed) -> {
			});
	}

	private CompletionStage<Void> read(Topic topic) {
		return this.metadata.get(key(topic))
			.thenAccept(
					(stored) -> stored.ifPresent((value) -> this.known.learn(topic, count(value), value.version())));
	}

	private static CompletionStage<Void> all(List<CompletionStage<Void>> stages) {
		return Stages.all(stages).thenAccept((done) -> {
		});
	}

	private static String key(Topic topic) {
		return ROOT + "/" + MetadataNames.encode(topic.name());
	}

	private static byte[] bytes(int count) {
		return Integer.toString(count).getBytes(StandardCharsets.US_ASCII);
	}

	private static int count(Versioned stored) {
		return Integer.parseInt(new String(stored.value(), StandardCharsets.US_ASCII));
	}

	/** Follows the numbers no longer. */
	@Override
	public void close() {
		this.watch.close();
	}

}
