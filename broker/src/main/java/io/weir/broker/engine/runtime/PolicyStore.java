package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Policies;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.policy.PolicyText;
import io.weir.broker.policy.StatedPolicies;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.store.MetadataNames;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.MetadataStore.Versioned;
import io.weir.broker.store.MetadataStore.Watch;
import io.weir.broker.store.StorageException;
import io.weir.concurrent.Stages;
import io.weir.message.Topic;
import io.weir.wire.LogLimit;

/**
 * What an administrator says of topics and subscriptions, beside the logs, where all
 * brokers of the store see it. What is said of a topic is so for each of its partitions.
 * Safe to use from any thread; stages complete as those of {@link MetadataStore}.
 */
public final class PolicyStore {

	private static final Logger logger = LoggerFactory.getLogger(PolicyStore.class);

	/** For all topics together, each of which says it whenever it is opened. */
	private static final LogLimit LIMIT = new LogLimit();

	private static final String TOPICS = "topics";

	private static final String POLICIES = "policies";

	private static final String SUBSCRIPTIONS = "subscriptions";

	private final MetadataStore metadata;

	private final PolicyDefaults defaults;

	PolicyStore(MetadataStore metadata, PolicyDefaults defaults) {
		this.metadata = metadata;
		this.defaults = defaults;
	}

	/** The broker's defaults. */
	public PolicyDefaults defaults() {
		return this.defaults;
	}

	/**
	 * What is said of a topic itself.
	 * @param topic the topic
	 * @return the policies; exceptionally {@link StorageException}
	 */
	public CompletionStage<TopicPolicies> topic(Topic topic) {
		return read(key(topic), (text) -> PolicyText.topic(text, (change) -> warn(topic, change)));
	}

	private static void warn(Topic topic, String change) {
		LogLimit.Line line = LIMIT.next();
		if (line != null) {
			logger.warn("What is stored of topic {} is no longer allowed: {}; set its policies again{}", topic.whole(),
					change, line.ending());
		}
	}

	/**
	 * Says something else of a topic.
	 * @param topic the topic
	 * @param policies the policies
	 * @return completes when it is stored; exceptionally {@link StorageException}
	 */
	public CompletionStage<Void> set(Topic topic, TopicPolicies policies) {
		return write(key(topic), PolicyText.of(policies));
	}

	/**
	 * What is said of a subscription itself, whether or not it is there.
	 * @param topic its topic
	 * @param subscription its name
	 * @return the policies; exceptionally {@link StorageException}
	 */
	public CompletionStage<SubscriptionPolicies> subscription(Topic topic, String subscription) {
		return read(key(topic, subscription), PolicyText::subscription);
	}

	/**
	 * Says something else of a subscription, whether or not it is there.
	 * @param topic its topic
	 * @param subscription its name
	 * @param policies the policies
	 * @return completes when it is stored; exceptionally {@link StorageException}
	 */
	public CompletionStage<Void> set(Topic topic, String subscription, SubscriptionPolicies policies) {
		return write(key(topic, subscription), PolicyText.of(policies));
	}

	/**
	 * Nothing is said any more of a topic and its subscriptions.
	 * @param topic the topic
	 * @return completes when it is stored; exceptionally {@link StorageException}
	 */
	public CompletionStage<Void> forget(Topic topic) {
		return this.metadata.children(subscriptions(topic))
			.thenCompose((names) -> Stages
				.all(names.stream().map((name) -> forget(key(topic, MetadataNames.decode(name)))).toList()))
			.thenCompose((done) -> forget(key(topic)));
	}

	/** A key that was never written stays so. */
	private CompletionStage<Void> forget(String key) {
		return this.metadata.get(key)
			.thenCompose((stored) -> stored.filter((each) -> each.value().length > 0).isPresent()
					? write(key, new byte[0]) : CompletableFuture.<Void>completedFuture(null));
	}

	/**
	 * What is said of a topic itself and of its subscriptions.
	 * @param topic the topic
	 * @return the policies; exceptionally {@link StorageException}
	 */
	public CompletionStage<StatedPolicies> stated(Topic topic) {
		Map<String, SubscriptionPolicies> stated = new ConcurrentHashMap<>();
		return this.metadata.children(subscriptions(topic))
			.thenCompose((names) -> subscriptions(topic, names, stated))
			.thenCompose((done) -> topic(topic))
			.thenApply((own) -> new StatedPolicies(own, stated));
	}

	/** What counts for a topic and its subscriptions now. */
	CompletionStage<Policies> effective(Topic topic) {
		return stated(topic).thenApply(
				(stated) -> EffectivePolicies.of(topic.whole(), stated.topic(), stated.subscriptions(), this.defaults));
	}

	/**
	 * Looks which topics may expire.
	 * @param topics the topics; of partitions only the first ones count
	 * @param found is told of each, and after what time, in milliseconds
	 */
	void whichMayExpire(List<Topic> topics, BiConsumer<Topic, Long> found) {
		this.metadata.children(TOPICS)
			.thenAccept((stated) -> topics.stream()
				.filter((topic) -> topic.partition() == 0 && (stated.contains(MetadataNames.encode(topic.name()))
						|| this.defaults.topic(topic.name()).expireAfter() != null))
				.forEach((topic) -> effective(topic).thenAccept((policies) -> {
					if (policies.expireAfter() < Policies.UNLIMITED) {
						found.accept(topic, policies.expireAfter());
					}
				})));
	}

	private CompletionStage<Void> subscriptions(Topic topic, Set<String> names,
			Map<String, SubscriptionPolicies> stated) {
		return Stages.all(names.stream().map(MetadataNames::decode).map((name) -> {
			CompletionStage<SubscriptionPolicies> policies = subscription(topic, name);
			return policies.thenAccept((found) -> {
				// Of one that was deleted nothing is said any more.
				if (!found.equals(SubscriptionPolicies.none())) {
					stated.put(name, found);
				}
			});
		}).toList()).thenAccept((done) -> {
		});
	}

	/**
	 * Tells, from now on, of which topic something else is said, or of a subscription.
	 */
	Watch watch(Consumer<Topic> changed) {
		return this.metadata.watch(TOPICS, (key) -> {
			if (key.endsWith("/" + POLICIES)) {
				changed.accept(MetadataNames.topic(key.split("/", -1)[1]));
			}
		});
	}

	private <T> CompletionStage<T> read(String key, Function<byte[], T> reader) {
		return this.metadata.get(key).thenApply((stored) -> {
			try {
				return reader.apply(stored.map(Versioned::value).orElse(new byte[0]));
			}
			catch (RuntimeException ex) {
				throw new StorageException("The policies stored at " + key + " cannot be read: " + ex.getMessage(), ex);
			}
		});
	}

	/** Whoever writes at the same time is overwritten or overwrites. */
	private CompletionStage<Void> write(String key, byte[] text) {
		return MetadataStore.update(this.metadata, key, (stored) -> text);
	}

	private static String key(Topic topic) {
		return TOPICS + "/" + MetadataNames.encode(topic.whole().name()) + "/" + POLICIES;
	}

	private static String key(Topic topic, String subscription) {
		return subscriptions(topic) + "/" + MetadataNames.encode(subscription) + "/" + POLICIES;
	}

	private static String subscriptions(Topic topic) {
		return TOPICS + "/" + MetadataNames.encode(topic.whole().name()) + "/" + SUBSCRIPTIONS;
	}

}
