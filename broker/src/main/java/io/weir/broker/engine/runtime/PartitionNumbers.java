package io.weir.broker.engine.runtime;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.TopicSnapshot;
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
 * How many partitions topics have, kept where all brokers of a store see it, and how they
 * are given more, step by step. Safe to use from any thread; a number must not be changed
 * twice at a time.
 */
public final class PartitionNumbers {

	private static final String ROOT = "partitions";

	private final MetadataStore metadata;

	private final Function<Topic, CompletionStage<List<TopicSnapshot>>> snapshot;

	private final Predicate<Topic> exists;

	private final LocalSession session;

	private final Listener listener;

	/**
	 * Creates them.
	 * @param metadata where the numbers are kept
	 * @param snapshot what goes on in the partitions of a topic that can be opened
	 * @param exists whether there is a topic
	 * @param session asks partitions
	 * @param listener is told each number that is read
	 */
	public PartitionNumbers(MetadataStore metadata, Function<Topic, CompletionStage<List<TopicSnapshot>>> snapshot,
			Predicate<Topic> exists, LocalSession session, Listener listener) {
		this.metadata = metadata;
		this.snapshot = snapshot;
		this.exists = exists;
		this.session = session;
		this.listener = listener;
	}

	/**
	 * Reads all numbers that are stored.
	 * @return completes when the listener was told them
	 */
	public CompletionStage<Void> readAll() {
		return this.metadata.children(ROOT)
			.thenCompose((names) -> all(names.stream().map(MetadataNames::topic).map(this::read)));
	}

	private CompletionStage<Void> read(Topic topic) {
		return this.metadata.get(key(topic))
			.thenAccept(
					(stored) -> stored.ifPresent((value) -> this.listener.read(topic, count(value), value.version())));
	}

	/**
	 * Reads each number that is changed from now on, by whichever broker.
	 * @return ends it
	 */
	public MetadataStore.Watch watch() {
		return this.metadata.watch(ROOT, (key) -> read(MetadataNames.topic(key.substring(ROOT.length() + 1))));
	}

	/**
	 * Gives a topic partitions:
	 * <ol>
	 * <li>the new ones lose the subscriptions that a former attempt has left, which the
	 * topic may no longer have; nothing was ever published there</li>
	 * <li>they have the topic's durable subscriptions before anything is published there,
	 * or one whose consumer is not there now would miss it</li>
	 * <li>the number is stored, and read</li>
	 * </ol>
	 * @param topic the whole topic
	 * @param count how many it has then; as many as it has changes nothing
	 * @return completes when all that is done; exceptionally {@link ProtocolException},
	 * with {@link ErrorCode#INVALID_REQUEST} if it has more already
	 */
	public CompletionStage<Void> raise(Topic topic, int count) {
		return this.metadata.get(key(topic)).thenCompose((stored) -> {
			int present = stored.map(PartitionNumbers::count).orElse(1);
			if (count < present) {
				throw new ProtocolException(ErrorCode.INVALID_REQUEST, "Topic '" + topic + "' has " + present
						+ " partitions; it can be given more, but not fewer, and " + count + " was asked for");
			}
			if (count == present) {
				return CompletableFuture.completedStage(null);
			}
			long version = stored.map(Versioned::version).orElse(MetadataStore.NO_VERSION);
			return subscribeAll(topic, present, count)
				.thenCompose((subscribed) -> this.metadata.put(key(topic), bytes(count), version))
				.thenCompose((put) -> read(topic));
		});
	}

	/** A topic is deleted: who makes it again makes one without partitions. */
	public CompletionStage<Void> forget(Topic topic) {
		return this.metadata.get(key(topic)).thenCompose((stored) -> {
			if (stored.map(PartitionNumbers::count).orElse(1) == 1) {
				return CompletableFuture.completedStage(null);
			}
			return this.metadata.put(key(topic), bytes(1), stored.get().version()).thenCompose((put) -> read(topic));
		});
	}

	/** Some partitions have the subscriptions of the first one, and no others. */
	private CompletionStage<Void> subscribeAll(Topic topic, int from, int to) {
		return this.snapshot.apply(topic).thenCompose((snapshots) -> {
			List<TopicSnapshot> known = snapshots.stream().filter((each) -> each.name().equals(topic.name())).toList();
			checkOpen(topic, known);
			List<Topic> partitions = IntStream.range(from, to).mapToObj(topic::partition).toList();
			Stream<TopicSnapshot> left = snapshots.stream()
				.filter((each) -> partitions.contains(new Topic(each.name())));
			return all(left.flatMap((each) -> durable(each).map((old) -> remove(new Topic(each.name()), old))))
				.thenCompose((removed) -> all(known.stream()
					.flatMap(PartitionNumbers::durable)
					.flatMap((each) -> partitions.stream().map((partition) -> subscribe(partition, each)))));
		});
	}

	private static Stream<TopicSnapshot.Subscription> durable(TopicSnapshot topic) {
		return topic.subscriptions().stream().filter(TopicSnapshot.Subscription::durable);
	}

	private void checkOpen(Topic topic, List<TopicSnapshot> known) {
		if (known.isEmpty() && this.exists.test(topic)) {
			throw new ProtocolException(ErrorCode.STORAGE_UNAVAILABLE,
					"Topic '" + topic + "' cannot be opened now, and nobody knows its subscriptions");
		}
	}

	private CompletionStage<Void> subscribe(Topic partition, TopicSnapshot.Subscription subscription) {
		Peer consumer = this.session.newPeer();
		return this.session
			.ask(partition,
					(replyTo) -> new Command.Subscribe(replyTo, consumer, subscription.name(), subscription.type(),
							InitialPosition.EARLIEST, "weir:partitions", true, ConsumerInstance.once()))
			.thenCompose((subscribed) -> this.session.ask(partition,
					(replyTo) -> new Command.CloseConsumer(replyTo, consumer)))
			.thenAccept((closed) -> {
			});
	}

	private CompletionStage<Void> remove(Topic partition, TopicSnapshot.Subscription subscription) {
		return this.session
			.ask(partition,
					(replyTo) -> new Command.ChangeSubscription(replyTo, subscription.name(),
							new SubscriptionChange.Delete()))
			.thenAccept((removed) -> {
			});
	}

	private static CompletionStage<Void> all(Stream<CompletionStage<Void>> stages) {
		return Stages.all(stages.toList()).thenAccept((done) -> {
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

	/** Who wants to know the numbers. */
	@FunctionalInterface
	public interface Listener {

		/**
		 * A number was read.
		 * @param topic the topic
		 * @param count how many partitions it has, from 1
		 * @param version which of two is the later one
		 */
		void read(Topic topic, int count, long version);

	}

}
