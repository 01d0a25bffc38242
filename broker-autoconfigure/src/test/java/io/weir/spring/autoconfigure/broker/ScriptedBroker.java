package io.weir.spring.autoconfigure.broker;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.broker.Broker;
import io.weir.broker.BrokerException;
import io.weir.broker.BrokerStats;
import io.weir.broker.StorageStats;
import io.weir.broker.TopicDescription;
import io.weir.broker.TopicStats;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.DeadLetterPage;
import io.weir.broker.deadletter.Replay;
import io.weir.broker.store.Damage;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageStatus;
import io.weir.broker.store.StorageStatus.State;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicPolicies;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/** Says what the test wants. */
final class ScriptedBroker implements Broker {

	static final String FINGERPRINT = "ab".repeat(32);

	@Nullable BrokerException startFailure;

	BrokerStats stats = Stats.connections(0);

	StorageStats storage = new StorageStats(new StorageStatus(State.SERVING, null, Instant.EPOCH, 1000), 0, 0);

	List<TopicStats> topics = List.of();

	@Nullable ProtocolException describeFailure;

	@Nullable ProtocolException skipFailure;

	List<Damage> damages = List.of();

	DeadLetterPage deadLetters = new DeadLetterPage(List.of(), null);

	/** What was asked of dead letters last. */
	final List<Object> asked = new ArrayList<>();

	@Nullable Replay replay;

	final List<String> scrubbed = new ArrayList<>();

	CompletableFuture<ScrubReport> scrub = new CompletableFuture<>();

	final List<String> deleted = new ArrayList<>();

	private boolean running;

	@Override
	public Broker start() {
		if (this.startFailure != null) {
			throw this.startFailure;
		}
		this.running = true;
		return this;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public String serviceUrl() {
		checkRunning();
		return "weir://127.0.0.1:4711";
	}

	@Override
	public InetSocketAddress address() {
		checkRunning();
		return new InetSocketAddress("127.0.0.1", 4711);
	}

	@Override
	public String certificateFingerprint() {
		checkRunning();
		return FINGERPRINT;
	}

	@Override
	public void reloadCertificate() {
		checkRunning();
	}

	@Override
	public boolean isSelfSigned() {
		return true;
	}

	@Override
	public BrokerStats stats() {
		return this.stats;
	}

	@Override
	public StorageStats storage() {
		checkRunning();
		return this.storage;
	}

	@Override
	public List<Damage> damages() {
		return this.damages;
	}

	@Override
	public CompletableFuture<ScrubReport> scrub(String topic) {
		if (topic.isBlank()) {
			throw new IllegalArgumentException("blank");
		}
		this.scrubbed.add(topic);
		return this.scrub;
	}

	@Override
	public CompletableFuture<ScrubReport> scrub() {
		this.scrubbed.add("*");
		return this.scrub;
	}

	/** Of what was found only. */
	@Override
	public List<Position> skipDamaged(String topic, Position from, Position to) {
		if (this.skipFailure != null) {
			throw this.skipFailure;
		}
		if (from.isAfter(to)) {
			throw new IllegalArgumentException("A run of entries cannot begin at " + from + " and end at " + to);
		}
		List<Position> skipped = new ArrayList<>();
		this.damages.forEach((damage) -> {
			Position position = Objects.requireNonNull(damage.position());
			if (damage.topic().name().equals(topic) && !from.isAfter(position) && !position.isAfter(to)) {
				skipped.add(position);
			}
		});
		return skipped;
	}

	@Override
	public List<TopicStats> topics() {
		throw new AssertionError("All topics were asked, however many there are");
	}

	@Override
	public List<TopicStats> topics(String prefix, String after, int limit) {
		return this.topics.stream()
			.filter((topic) -> topic.name().startsWith(prefix) && topic.name().compareTo(after) > 0)
			.limit(limit)
			.toList();
	}

	@Override
	public Optional<TopicStats> topic(String name) {
		if (name.isBlank()) {
			throw new IllegalArgumentException("blank");
		}
		return this.topics.stream().filter((topic) -> topic.name().equals(name)).findFirst();
	}

	@Override
	public void seek(String topic, String subscription, MessageId id) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void seek(String topic, String subscription, Instant publishTime) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void deleteSubscription(String topic, String subscription) {
		throw new UnsupportedOperationException();
	}

	@Override
	public DeadLetterPage deadLetters(String topic, DeadLetterFilter filter, @Nullable MessageId from, int limit) {
		ask(topic, filter, from, limit);
		return this.deadLetters;
	}

	@Override
	public Replay replay(String topic, MessageId id, boolean again) {
		ask(topic, id, again);
		return Objects.requireNonNull(this.replay);
	}

	@Override
	public Replay replay(String topic, DeadLetterFilter filter, boolean again) {
		ask(topic, filter, again);
		return Objects.requireNonNull(this.replay);
	}

	@Override
	public Optional<Replay> replay(String topic) {
		return Optional.ofNullable(this.replay);
	}

	@Override
	public List<Replay> replays() {
		return replay("").stream().toList();
	}

	@Override
	public void stopReplay(String topic) {
		ask(topic, "stop");
	}

	private void ask(@Nullable Object... asked) {
		this.asked.clear();
		this.asked.addAll(Arrays.asList(asked));
	}

	@Override
	public void createTopic(String name) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void deleteTopic(String name, boolean force) {
		if (!force) {
			throw new ProtocolException(ErrorCode.TOPIC_BUSY, "Topic '" + name + "' has producers");
		}
		this.deleted.add(name);
	}

	@Override
	public TopicDescription describeTopic(String name) {
		if (this.describeFailure != null) {
			throw this.describeFailure;
		}
		return Stats.description(name);
	}

	@Override
	public TopicPolicies policies(String topic) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setPolicies(String topic, TopicPolicies policies) {
		throw new UnsupportedOperationException();
	}

	@Override
	public SubscriptionPolicies policies(String topic, String subscription) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setPolicies(String topic, String subscription, SubscriptionPolicies policies) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void partitions(String topic, int count) {
		throw new UnsupportedOperationException();
	}

	@Override
	public int partitions(String topic) {
		return 1;
	}

	@Override
	public void close() {
		this.running = false;
	}

	private void checkRunning() {
		if (!this.running) {
			throw new IllegalStateException("The broker is not running");
		}
	}

}
