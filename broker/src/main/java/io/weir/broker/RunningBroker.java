package io.weir.broker;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.deadletter.Replay;
import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.GeneratedNames;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.engine.runtime.PolicyStore;
import io.weir.broker.engine.runtime.Replays;
import io.weir.broker.session.ProtocolRefusals;
import io.weir.broker.session.SessionSettings;
import io.weir.broker.session.Sessions;
import io.weir.broker.session.TopicPartitions;
import io.weir.broker.store.Damage;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.concurrent.Causes;
import io.weir.concurrent.Stages;
import io.weir.message.AccessMode;
import io.weir.message.Topic;
import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** The parts of a broker from one start to the next close. */
final class RunningBroker {

	private static final Logger logger = LoggerFactory.getLogger(RunningBroker.class);

	private static final int MAX_ENGINE_THREADS = 4;

	/** How long clients have for hearing that the broker goes away. */
	private static final int FAREWELL_SECONDS = 1;

	private static final int DRAIN_SECONDS = 10;

	private static final int ANSWER_SECONDS = 5;

	/** What was opened, to be closed in the reverse order. */
	private final Deque<AutoCloseable> parts = new ArrayDeque<>();

	private final Budgets budgets;

	private final StorageEngine store;

	private final Engine engine;

	private final Sessions sessions;

	private final LocalSession local;

	private final TopicTurns turns = new TopicTurns();

	private final PartitionAdministration partitions;

	private final Replays replays;

	private final TopicDeletion deletion;

	private volatile ServerTls tls;

	private final TransportServer server;

	/** Lays the parts on each other; on failure those opened are closed again. */
	private RunningBroker(BrokerSettings settings) {
		this.budgets = new Budgets(settings.limits()::value);
		try {
			opened(new KeepAlive("weir-broker"));
			StorageEngine given = settings.storage();
			this.store = (given != null) ? given : opened(openStore(settings));
			int threads = Math.min(MAX_ENGINE_THREADS, Runtime.getRuntime().availableProcessors());
			TransportOptions options = TransportOptions.DEFAULTS.withMaxMessageSize(settings.maxMessageSize())
				.withMaxStreams((int) settings.limits().value(BrokerLimit.STREAMS));
			this.engine = opened(new Engine(this.store, threads, settings.engineClock(), this.budgets,
					settings.limits().value(BrokerLimit.INCOMING_MEMORY), settings.topicDefaults(), settings.errors()));
			ClientSessions registry = new ClientSessions();
			this.engine.start(registry);
			this.local = opened(LocalSession.open(registry, this.engine::submit, this.budgets));
			TopicPartitions known = new TopicPartitions();
			this.partitions = opened(
					new PartitionAdministration(this.store.metadata(), known, this.engine, this.local, this.turns));
			await(this.partitions.load());
			this.replays = opened(Replays.of(this.engine, this.local, this.store.metadata(), settings.clock()::millis));
			this.deletion = opened(
					new TopicDeletion(this.store.metadata(), this.partitions, this.engine, this.replays, this.turns));
			await("deleting what was being deleted", this.deletion.resume(), ANSWER_SECONDS);
			this.replays.resume();
			this.sessions = opened(new Sessions(
					new SessionSettings(settings.name(), options.maxFrameSize(), options.maxMessageSize(), this.budgets,
							settings.security(), settings.clock(), known, this.engine::names),
					this.engine::submit, registry, settings.errors()));
			this.tls = BrokerCertificate.of(settings);
			Transport transport = opened(settings.carrier().open(options, settings));
			this.server = Binding.bind(transport, settings, this.tls, this.sessions, this.budgets);
		}
		catch (RuntimeException ex) {
			closeParts();
			throw ex;
		}
	}

	/**
	 * Starts a broker.
	 * @throws BrokerException if it cannot start
	 */
	static RunningBroker start(BrokerSettings settings) {
		try {
			return new RunningBroker(settings);
		}
		catch (StorageException ex) {
			throw new BrokerException(String.valueOf(ex.getMessage()), "dataDirectory", ex);
		}
		catch (ProtocolException ex) {
			throw new BrokerException(String.valueOf(ex.getMessage()), null, ex);
		}
	}

	InetSocketAddress address() {
		return this.server.address();
	}

	ServerTls tls() {
		return this.tls;
	}

	/** Shows another certificate from now on. */
	void use(ServerTls certificate) {
		this.server.certificate(certificate);
		this.tls = certificate;
	}

	/**
	 * Asks a topic, and waits for the answer.
	 * @throws ProtocolException if it is refused, or does not come in time
	 */
	Effect.Answer ask(Topic topic, Function<ReplyTo, Command.Request> question) {
		return answer(topic, this.local.ask(topic, question));
	}

	/**
	 * Asks a topic and then its other partitions, while it is given no more of them, and
	 * waits for the answers.
	 * @throws ProtocolException as {@link #ask}
	 */
	void askAll(Topic topic, Function<ReplyTo, Command.Request> question) {
		answer(topic,
				this.turns.take(topic.whole(),
						() -> this.local.ask(topic, question)
							.thenCompose((first) -> Stages.all(IntStream.range(1, partitions(topic))
								.mapToObj((number) -> this.local.ask(topic.partition(number), question))
								.toList()))));
	}

	/**
	 * Gives a topic partitions, and waits until it has them.
	 * @throws ProtocolException as {@link #ask}
	 */
	void partitions(Topic topic, int count) {
		answer(topic, this.partitions.raise(topic, count));
	}

	int partitions(Topic topic) {
		return this.partitions.count(topic);
	}

	private static <T> T answer(Topic topic, CompletionStage<T> answer) {
		try {
			return await(answer);
		}
		catch (CompletionException ex) {
			ProtocolException refused = Causes.find(ex, ProtocolException.class);
			if (refused != null) {
				throw refused;
			}
			if (ex.getCause() instanceof TimeoutException) {
				throw new ProtocolException(ErrorCode.TIMEOUT,
						"Topic " + topic + " has not answered within " + ANSWER_SECONDS + " seconds", ex);
			}
			if (Causes.find(ex, StorageException.class) != null) {
				StorageFailure failure = StorageFailure.of(ex);
				throw new ProtocolException(failure.code(), failure.reason(), ex);
			}
			throw ex;
		}
	}

	/**
	 * Asks what is said of a topic that there is, or says it, and waits until that is
	 * stored.
	 * @throws ProtocolException if there is no such topic, or the store refuses
	 */
	<T> T policies(Topic topic, Function<PolicyStore, CompletionStage<T>> question) {
		if (!this.engine.exists(topic)) {
			throw new ProtocolException(ErrorCode.NOT_FOUND, "There is no topic '" + topic + "'");
		}
		return answer(topic, question.apply(this.engine.policies()));
	}

	/**
	 * Asks what is known of a topic, and waits for the answer.
	 * @throws ProtocolException as {@link #ask}
	 */
	TopicDescription describe(Topic topic) {
		return answer(topic, new TopicDescriber(this.engine, this.local).describe(topic, partitions(topic)));
	}

	/**
	 * Asks what lists and replays dead letters, and waits for the answer.
	 * @throws ProtocolException as {@link #ask}
	 */
	<T> T replays(Topic topic, Function<Replays, CompletionStage<T>> question) {
		return answer(topic, question.apply(this.replays));
	}

	List<Replay> replays() {
		return await(this.replays.all());
	}

	void stopReplay(Topic topic) {
		this.replays.stop(topic);
	}

	/** Makes a topic, unless there is one: a producer comes and goes. */
	void create(Topic topic) {
		Peer producer = this.local.newPeer();
		ask(topic, (replyTo) -> new Command.OpenProducer(replyTo, producer, GeneratedNames.next(), true, -1,
				AccessMode.SHARED));
		ask(topic, (replyTo) -> new Command.CloseProducer(replyTo, producer));
	}

	/**
	 * Deletes a topic, and waits until nothing is left of it.
	 * @throws ProtocolException as {@link #ask}
	 */
	void delete(Topic topic, boolean force) {
		answer(topic, this.deletion.delete(topic, force ? DeleteWhen.ALWAYS : DeleteWhen.UNUSED));
	}

	StorageStats storage() {
		return new StorageStats(this.store.status(), this.engine.waitingBytes(), this.engine.refused());
	}

	Budgets budgets() {
		return this.budgets;
	}

	List<Damage> damages() {
		return this.store.damages();
	}

	/**
	 * Verifies what is stored of a topic.
	 * @throws ProtocolException if nothing is
	 */
	CompletableFuture<ScrubReport> scrub(Topic topic) {
		if (!this.store.topics().contains(topic)) {
			throw new ProtocolException(ErrorCode.NOT_FOUND, "Nothing is stored of a topic '" + topic + "'");
		}
		return Scrubbing.of(this.store, List.of(topic));
	}

	CompletableFuture<ScrubReport> scrub() {
		return Scrubbing.of(this.store, this.store.topics());
	}

	int connections() {
		return this.sessions.count();
	}

	ProtocolRefusals refusals() {
		return this.sessions.refusals();
	}

	long damagedBatches() {
		return this.sessions.damagedBatches();
	}

	EngineFigures figures() {
		return this.engine.figures();
	}

	List<TopicSnapshot> topics() {
		return await(this.engine.snapshot());
	}

	List<TopicSnapshot> topics(String prefix, String after, int limit) {
		return await(this.engine.snapshot(prefix, after, limit));
	}

	List<TopicSnapshot> topic(Topic topic) {
		return await(this.engine.snapshot(topic));
	}

	private static <T> T await(CompletionStage<T> answer) {
		return answer.toCompletableFuture().orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join();
	}

	/** Takes nothing new, completes what was accepted, then closes everything. */
	void close() {
		await("telling the clients", this.sessions.drain(), FAREWELL_SECONDS);
		await("storing what was accepted", this.engine.drain(), DRAIN_SECONDS);
		await("answering the clients", this.sessions.flush(), FAREWELL_SECONDS);
		await("closing the connections", this.server.close(), FAREWELL_SECONDS);
		closeParts();
	}

	private <T extends AutoCloseable> T opened(T part) {
		this.parts.push(part);
		return part;
	}

	private void closeParts() {
		while (!this.parts.isEmpty()) {
			AutoCloseable part = this.parts.pop();
			try {
				part.close();
			}
			catch (Exception ex) {
				logger.warn("{} could not be closed", part.getClass().getSimpleName(), ex);
			}
		}
	}

	private static StorageEngine openStore(BrokerSettings settings) {
		Path directory = settings.dataDirectory();
		return (directory != null) ? DirectoryStorage.open(directory, settings) : new MemoryStorageEngine();
	}

	private static void await(String what, CompletionStage<?> stage, int seconds) {
		try {
			stage.toCompletableFuture().orTimeout(seconds, TimeUnit.SECONDS).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof TimeoutException) {
				logger.warn("All else goes on, though {} takes longer than {} seconds", what, seconds);
			}
			else {
				logger.warn("All else goes on, though {} failed", what, ex.getCause());
			}
		}
	}

}
