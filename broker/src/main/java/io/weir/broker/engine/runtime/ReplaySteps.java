package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.NoteReplayed;
import io.weir.broker.engine.Storing;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.broker.store.MetadataNames;
import io.weir.broker.store.MetadataStore;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** What a replay does, step by step. Safe to use from any thread. */
final class ReplaySteps {

	private static final String ROOT = "replays";

	private static final byte[] NOTHING = new byte[0];

	private final MetadataStore metadata;

	private final LocalSession session;

	private final DeadLetterReader reader;

	private final Forwarder forwarder;

	private final Predicate<Topic> exists;

	private final EngineFigures figures;

	ReplaySteps(MetadataStore metadata, LocalSession session, Forwarder forwarder, Predicate<Topic> exists,
			EngineFigures figures) {
		this.metadata = metadata;
		this.session = session;
		this.reader = new DeadLetterReader(session);
		this.forwarder = forwarder;
		this.exists = exists;
		this.figures = figures;
	}

	DeadLetterReader reader() {
		return this.reader;
	}

	boolean exists(Topic topic) {
		return this.exists.test(topic);
	}

	/** Where a message would go; throws as {@link ReplayTarget#of}. */
	Topic target(Topic topic, DeadLetterReader.Letter letter) {
		return ReplayTarget.of(topic, letter, this.exists);
	}

	/**
	 * Publishes a message to where it came from, once however often.
	 * @return where that is, when it is stored there
	 */
	CompletionStage<Topic> publish(Topic topic, DeadLetterReader.Letter letter, String purpose) {
		try {
			Topic target = target(topic, letter);
			return this.forwarder
				.forward(topic, MessageCopy.ofReplayed(letter.entry(), letter.index(), target, purpose))
				.thenApply((stored) -> {
					this.figures.replayed();
					return target;
				});
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	/** Has stored which messages were replayed. */
	CompletionStage<?> note(Topic topic, Map<Position, PartialEntry> messages) {
		return messages.isEmpty() ? CompletableFuture.completedStage(null)
				: this.session.ask(topic, (replyTo) -> new NoteReplayed(replyTo, messages));
	}

	/** The target need not remember any more what was forwarded; nobody waits for it. */
	void forget(Topic topic, String purpose, ReplayBatch.Copy copy) {
		this.forwarder.forget(topic, new Storing.ForgetForwarded(purpose, copy.source(), copy.target()));
	}

	/** What is stored of the last replay of a topic. */
	CompletionStage<Optional<Stored>> get(Topic topic) {
		return this.metadata.get(key(topic))
			.thenApply((stored) -> stored.filter((value) -> value.value().length > 0)
				.map((value) -> new Stored(ReplayRecord.of(value.value()), value.version())));
	}

	/** Stores that a replay begins, instead of what is stored of the last one. */
	CompletionStage<Stored> begin(Topic topic, ReplayRecord record) {
		return this.metadata.get(key(topic))
			.thenCompose((stored) -> put(topic, record,
					stored.map(MetadataStore.Versioned::version).orElse(MetadataStore.NO_VERSION)))
			.thenApply((version) -> new Stored(record, version));
	}

	/** Nothing is known any more of replays of a topic; a key is written only once. */
	CompletionStage<Void> forget(Topic topic) {
		return this.metadata.get(key(topic))
			.thenCompose((stored) -> stored.isEmpty() ? CompletableFuture.<Void>completedFuture(null)
					: MetadataStore.update(this.metadata, key(topic), (present) -> NOTHING));
	}

	CompletionStage<Long> put(Topic topic, ReplayRecord record, long version) {
		return this.metadata.put(key(topic), record.toBytes(), version);
	}

	/** The topics of which dead letters were replayed, or are. */
	CompletionStage<List<Topic>> topics() {
		return this.metadata.children(ROOT)
			.thenApply((names) -> names.stream().map(MetadataNames::topic).sorted().toList());
	}

	private static String key(Topic topic) {
		return ROOT + "/" + MetadataNames.encode(topic.name());
	}

	/** As it was stored. */
	record Stored(ReplayRecord record, long version) {
	}

}
