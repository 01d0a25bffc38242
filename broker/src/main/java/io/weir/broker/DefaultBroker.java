package io.weir.broker;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.DeadLetterPage;
import io.weir.broker.deadletter.Replay;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.store.Damage;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageEngine;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Topic;
import io.weir.setting.Require;
import io.weir.time.Moments;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/** A broker that is running or not. */
final class DefaultBroker implements Broker {

	private static final Logger logger = LoggerFactory.getLogger(DefaultBroker.class);

	private final BrokerSettings settings;

	private volatile @Nullable RunningBroker running;

	DefaultBroker(BrokerSettings settings) {
		this.settings = settings;
	}

	@Override
	public synchronized Broker start() {
		if (this.running == null) {
			RunningBroker started = RunningBroker.start(this.settings);
			this.running = started;
			logger.info("Broker '{}' listens on {}, {}", this.settings.name(), serviceUrl(), whereDataAre());
			if (started.tls().isSelfSigned() && this.settings.carrier() != Carrier.IN_PROCESS) {
				logger.warn(
						"The broker's certificate is self-signed, for development only; its SHA-256 fingerprint is {}",
						started.tls().fingerprint());
			}
		}
		return this;
	}

	private String whereDataAre() {
		StorageEngine storage = this.settings.storage();
		if (storage != null) {
			return "data in " + storage.getClass().getSimpleName() + " (" + this.settings.durability() + ")";
		}
		return (this.settings.dataDirectory() != null)
				? "data in " + this.settings.dataDirectory() + " (" + this.settings.durability() + ")"
				: "data in memory only";
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	@Override
	public String serviceUrl() {
		InetSocketAddress address = address();
		InetAddress host = address.getAddress();
		String name = host.isAnyLocalAddress() ? "localhost"
				: (host instanceof Inet6Address) ? "[" + host.getHostAddress() + "]" : host.getHostAddress();
		return this.settings.carrier().scheme() + "://" + name + ":" + address.getPort();
	}

	@Override
	public InetSocketAddress address() {
		return running().address();
	}

	@Override
	public String certificateFingerprint() {
		return running().tls().fingerprint();
	}

	@Override
	public synchronized void reloadCertificate() {
		RunningBroker broker = running();
		Supplier<KeyManagerFactory> certificate = this.settings.certificate();
		if (certificate == null) {
			throw new IllegalStateException("The broker has made its certificate itself: there is none to reload");
		}
		broker.use(BrokerCertificate.read(certificate));
		logger.info("Broker '{}' shows another certificate from now on; its SHA-256 fingerprint is {}",
				this.settings.name(), certificateFingerprint());
	}

	@Override
	public boolean isSelfSigned() {
		return this.settings.certificate() == null;
	}

	@Override
	public BrokerStats stats() {
		RunningBroker broker = this.running;
		if (broker == null) {
			return BrokerStats.NONE;
		}
		return Statistics.broker(broker.connections(), broker.figures(), broker.damagedBatches(), broker.refusals(),
				Statistics.limits(broker.budgets()));
	}

	@Override
	public StorageStats storage() {
		return running().storage();
	}

	@Override
	public List<TopicStats> topics() {
		RunningBroker broker = this.running;
		return (broker != null) ? stats(broker, broker.topics()) : List.of();
	}

	@Override
	public List<Damage> damages() {
		RunningBroker broker = this.running;
		return (broker != null) ? broker.damages() : List.of();
	}

	@Override
	public CompletableFuture<ScrubReport> scrub(String topic) {
		Objects.requireNonNull(topic, "topic");
		return running().scrub(new Topic(topic));
	}

	@Override
	public CompletableFuture<ScrubReport> scrub() {
		return running().scrub();
	}

	@Override
	public List<Position> skipDamaged(String topic, Position from, Position to) {
		Objects.requireNonNull(topic, "topic");
		Objects.requireNonNull(from, "from");
		Objects.requireNonNull(to, "to");
		if (from.isAfter(to)) {
			throw new IllegalArgumentException("A run of entries cannot begin at " + from + " and end at " + to);
		}
		Effect.Answer answer = running().ask(new Topic(topic), (replyTo) -> new Command.SkipDamaged(replyTo, from, to));
		return ((Effect.Skipped) answer).entries();
	}

	@Override
	public List<TopicStats> topics(String prefix, String after, int limit) {
		Objects.requireNonNull(prefix, "prefix");
		Objects.requireNonNull(after, "after");
		if (limit < 1) {
			throw new IllegalArgumentException("The limit must be at least 1, was " + limit);
		}
		RunningBroker broker = this.running;
		return (broker != null) ? stats(broker, broker.topics(prefix, after, limit)) : List.of();
	}

	@Override
	public Optional<TopicStats> topic(String name) {
		Objects.requireNonNull(name, "name");
		RunningBroker broker = this.running;
		if (broker == null) {
			return Optional.empty();
		}
		Topic topic = new Topic(name);
		List<TopicSnapshot> snapshots = broker.topic(topic);
		return (topic.partition() > 0) ? snapshots.stream().map(Statistics::topic).findFirst()
				: stats(broker, snapshots).stream().findFirst();
	}

	private static List<TopicStats> stats(RunningBroker broker, List<TopicSnapshot> topics) {
		return WholeTopics.of(topics, broker::partitions);
	}

	@Override
	public void seek(String topic, String subscription, MessageId id) {
		Objects.requireNonNull(topic, "topic");
		Objects.requireNonNull(id, "id");
		// It may be of no place.
		Position.of(id);
		change(partition(topic, id), subscription, new SubscriptionChange.MoveToMessage(id));
	}

	@Override
	public void seek(String topic, String subscription, Instant publishTime) {
		Objects.requireNonNull(publishTime, "publishTime");
		changeAll(topic, subscription, new SubscriptionChange.MoveToTime(Moments.toMillis(publishTime)));
	}

	@Override
	public void deleteSubscription(String topic, String subscription) {
		changeAll(topic, subscription, new SubscriptionChange.Delete());
	}

	/** The partition of a message, unless the name is that of a partition. */
	private Topic partition(String name, MessageId id) {
		Topic topic = new Topic(name);
		int partition = MessageIds.partition(id);
		int count = running().partitions(topic);
		if (partition == topic.partition()) {
			return topic;
		}
		if (topic.partition() > 0 || partition >= count) {
			throw new ProtocolException(ErrorCode.INVALID_REQUEST, "The message id '" + id + "' is of partition "
					+ partition + ", which topic '" + topic + "' does not have");
		}
		return topic.partition(partition);
	}

	private void changeAll(String name, String subscription, SubscriptionChange change) {
		Objects.requireNonNull(name, "topic");
		Objects.requireNonNull(subscription, "subscription");
		running().askAll(new Topic(name), (replyTo) -> new Command.ChangeSubscription(replyTo, subscription, change));
	}

	private void change(Topic topic, String subscription, SubscriptionChange change) {
		Objects.requireNonNull(subscription, "subscription");
		running().ask(topic, (replyTo) -> new Command.ChangeSubscription(replyTo, subscription, change));
	}

	@Override
	public void partitions(String topic, int count) {
		Objects.requireNonNull(topic, "topic");
		if (count < 1 || count > Topic.MAX_PARTITIONS) {
			throw new IllegalArgumentException(
					"The number of partitions must be from 1 to " + Topic.MAX_PARTITIONS + ", was " + count);
		}
		running().partitions(Topic.named(topic), count);
	}

	@Override
	public int partitions(String topic) {
		Objects.requireNonNull(topic, "topic");
		return running().partitions(Topic.named(topic));
	}

	@Override
	public DeadLetterPage deadLetters(String topic, DeadLetterFilter filter, @Nullable MessageId from, int limit) {
		Topic name = new Topic(Objects.requireNonNull(topic, "topic"));
		Objects.requireNonNull(filter, "filter");
		if (limit < 1 || limit > MAX_DEAD_LETTERS) {
			throw new IllegalArgumentException("The limit must be from 1 to " + MAX_DEAD_LETTERS + ", was " + limit);
		}
		return running().replays(name, (replays) -> replays.list(name, filter, from, limit));
	}

	@Override
	public Replay replay(String topic, MessageId id, boolean again) {
		Topic name = partition(Objects.requireNonNull(topic, "topic"), Objects.requireNonNull(id, "id"));
		return running().replays(name, (replays) -> replays.start(name, id, DeadLetterFilter.all(), again));
	}

	@Override
	public Replay replay(String topic, DeadLetterFilter filter, boolean again) {
		Topic name = new Topic(Objects.requireNonNull(topic, "topic"));
		Objects.requireNonNull(filter, "filter");
		return running().replays(name, (replays) -> replays.start(name, null, filter, again));
	}

	@Override
	public Optional<Replay> replay(String topic) {
		Topic name = new Topic(Objects.requireNonNull(topic, "topic"));
		return running().replays(name, (replays) -> replays.status(name));
	}

	@Override
	public List<Replay> replays() {
		return running().replays();
	}

	@Override
	public void stopReplay(String topic) {
		Topic name = new Topic(Objects.requireNonNull(topic, "topic"));
		running().stopReplay(name);
	}

	@Override
	public void createTopic(String name) {
		Objects.requireNonNull(name, "name");
		running().create(Topic.named(name));
	}

	@Override
	public void deleteTopic(String name, boolean force) {
		Objects.requireNonNull(name, "name");
		running().delete(Topic.named(name), force);
	}

	@Override
	public TopicDescription describeTopic(String name) {
		Objects.requireNonNull(name, "name");
		return running().describe(new Topic(name));
	}

	@Override
	public TopicPolicies policies(String topic) {
		Objects.requireNonNull(topic, "topic");
		Topic name = Topic.named(topic);
		return running().policies(name, (store) -> store.topic(name));
	}

	@Override
	public void setPolicies(String topic, TopicPolicies policies) {
		Objects.requireNonNull(topic, "topic");
		Objects.requireNonNull(policies, "policies");
		Topic name = Topic.named(topic);
		this.settings.topicDefaults().check(topic, policies);
		running().policies(name, (store) -> store.set(name, policies));
	}

	@Override
	public SubscriptionPolicies policies(String topic, String subscription) {
		Objects.requireNonNull(topic, "topic");
		Topic name = Topic.named(topic);
		Require.notBlank("subscription", subscription);
		return running().policies(name, (store) -> store.subscription(name, subscription));
	}

	@Override
	public void setPolicies(String topic, String subscription, SubscriptionPolicies policies) {
		Objects.requireNonNull(topic, "topic");
		Require.notBlank("subscription", subscription);
		Objects.requireNonNull(policies, "policies");
		Topic name = Topic.named(topic);
		running().policies(name, (store) -> store.set(name, subscription, policies));
	}

	@Override
	public synchronized void close() {
		RunningBroker broker = this.running;
		if (broker != null) {
			this.running = null;
			broker.close();
			logger.info("Broker '{}' is closed", this.settings.name());
		}
	}

	private RunningBroker running() {
		RunningBroker broker = this.running;
		if (broker == null) {
			throw new IllegalStateException("The broker is not running");
		}
		return broker;
	}

}
