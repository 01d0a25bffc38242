package io.weir.broker.engine.publish;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.GeneratedNames;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.Sparse;
import io.weir.broker.engine.context.TopicTime;
import io.weir.broker.store.StoredProducer;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.message.AccessMode;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;

/**
 * The producers of one topic: who is connected, under which name and epoch, and who was
 * fenced by a newer one.
 */
final class ProducerRegistry {

	private NavigableMap<String, NamedProducer> names = Collections.emptyNavigableMap();

	private NavigableMap<Peer, OpenedProducer> opened = Collections.emptyNavigableMap();

	/** Names that clients chose, which come back with them, perhaps after days. */
	private final UnusedNames unused;

	/** Names that nobody knows but the client, as long as it lives. */
	private final UnusedNames unusedGenerated;

	private final ProducerRoom room;

	private final TopicTime time;

	ProducerRegistry(Map<String, StoredProducer> recovered, Budgets budgets, TopicTime time) {
		this.time = time;
		this.unused = new UnusedNames(budgets.of(BrokerLimit.PRODUCER_NAME_EXPIRY).limit());
		this.unusedGenerated = new UnusedNames(budgets.of(BrokerLimit.GENERATED_NAME_EXPIRY).limit());
		this.room = new ProducerRoom(budgets, recovered.size());
		recovered.forEach((name, stored) -> this.names = Sparse.with(this.names, name, new NamedProducer(name,
				GeneratedNames.isGenerated(name), SequenceWindow.of(stored.batches()), stored.epochs())));
	}

	/** What is known from earlier is unused: since when is known, or from now on. */
	void opened(Map<String, Long> unusedSince) {
		ToLongFunction<NamedProducer> since = (named) -> unusedSince.getOrDefault(named.name, this.time.steady());
		this.names.values()
			.stream()
			.sorted(Comparator.comparingLong(since))
			.forEach((named) -> unused(named, since.applyAsLong(named)));
	}

	/** Since when names are unused. */
	Map<String, Long> unusedNames() {
		Map<String, Long> since = new HashMap<>();
		this.unused.addTo(since);
		this.unusedGenerated.addTo(since);
		return Map.copyOf(since);
	}

	/** Asked with each command. */
	boolean isUsed() {
		for (OpenedProducer producer : this.opened.values()) {
			if (!producer.fenced) {
				return true;
			}
		}
		return false;
	}

	private void unused(NamedProducer named) {
		unused(named, this.time.steady());
	}

	/** Nobody has the name now; it is forgotten when that has lasted too long. */
	private void unused(NamedProducer named, long since) {
		UnusedNames unused = unusedLike(named);
		unused.add(named.name, since);
		this.time.wakeAtSteady(unused.nextExpiry());
	}

	private UnusedNames unusedLike(NamedProducer named) {
		return named.generated ? this.unusedGenerated : this.unused;
	}

	/**
	 * Forgets names that nobody has used for too long, unless something is being stored.
	 */
	void tick(Consumer<Effect> out) {
		List<String> expired = new ArrayList<>(this.unused.takeExpired(this.time.steady()));
		expired.addAll(this.unusedGenerated.takeExpired(this.time.steady()));
		Set<String> forgotten = new HashSet<>();
		for (String name : expired) {
			NamedProducer named = Objects.requireNonNull(this.names.get(name));
			if (named.window.hasPending()) {
				unused(named);
			}
			else {
				forget(name);
				forgotten.add(name);
			}
		}
		if (!forgotten.isEmpty()) {
			out.accept(new Storing.ForgetProducers(forgotten));
		}
		this.time.wakeAtSteady(Math.min(this.unused.nextExpiry(), this.unusedGenerated.nextExpiry()));
	}

	private void forget(String name) {
		this.names = Sparse.without(this.names, name);
		this.room.giveBack(1);
	}

	/** Gives up all names, which are remembered by the store. */
	void close() {
		this.room.giveBack(this.names.size());
		this.names = Collections.emptyNavigableMap();
	}

	/** Opens a producer, if the rules of names and epochs allow it. */
	void open(Command.OpenProducer command, Consumer<Effect> out) {
		OpenedProducer same = this.opened.get(command.producer());
		if (same != null && !same.fenced) {
			refuse(command, ErrorCode.INVALID_REQUEST, "Producer " + command.producer().id() + " is open already", out);
			return;
		}
		NamedProducer named = this.names.get(command.name());
		String refusal = this.room.refusal(this.opened.size(), this.names.size(), named);
		if (refusal != null) {
			refuse(command, ErrorCode.LIMIT_EXCEEDED, refusal, out);
			return;
		}
		if (named == null) {
			named = new NamedProducer(command.name(), command.generated() || GeneratedNames.isGenerated(command.name()),
					new SequenceWindow(), Epochs.NONE);
			this.names = Sparse.with(this.names, named.name, named);
		}
		if (command.epoch() >= 0 && command.epoch() < named.epochs.since()) {
			refuse(command, ErrorCode.PRODUCER_FENCED, "Producer '" + named.name + "' of epoch " + command.epoch()
					+ " was replaced by one of epoch " + named.epochs.current(), out);
			return;
		}
		OpenedProducer older = named.current;
		if (older != null && isLate(command, older)) {
			refuse(command, ErrorCode.PRODUCER_FENCED,
					"Producer '" + named.name + "' was opened again since this request", out);
			return;
		}
		if (older != null && command.epoch() < 0 && command.accessMode() == AccessMode.SHARED) {
			refuse(command, ErrorCode.PRODUCER_BUSY, "A producer named '" + named.name + "' is connected", out);
			return;
		}
		named.advance(command.epoch());
		if (older != null) {
			older.fence(out);
		}
		OpenedProducer producer = new OpenedProducer(command.producer(), named);
		named.current = producer;
		unusedLike(named).remove(named.name);
		this.opened = Sparse.with(this.opened, command.producer(), producer);
		named.unanswered = command.replyTo();
		out.accept(new Storing.StoreEpochs(command.producer(), named.name, named.epochs));
	}

	/** A producer is opened when its epochs are stored, unless it is not the latest. */
	void epochsStored(Outcome.EpochsStored stored, Consumer<Effect> out) {
		OpenedProducer producer = latest(stored.producer(), stored.epochs());
		if (producer != null) {
			producer.named.epochsStored = true;
			producer.named.answer(out);
		}
	}

	void epochsFailed(Storing.StoreEpochs effect, StorageFailure failure, Consumer<Effect> out) {
		OpenedProducer producer = latest(effect.producer(), effect.epochs());
		if (producer != null) {
			producer.remove(failure, out);
			this.opened = Sparse.without(this.opened, effect.producer());
			unused(producer.named);
		}
	}

	private @Nullable OpenedProducer latest(Peer peer, Epochs epochs) {
		OpenedProducer producer = this.opened.get(peer);
		return (producer != null && !producer.fenced && producer.named.epochs.equals(epochs)) ? producer : null;
	}

	private static void refuse(Command.OpenProducer command, ErrorCode code, String reason, Consumer<Effect> out) {
		out.accept(Effect.Refused.of(command, code, reason));
	}

	/**
	 * Whether the producer has come back already: a request that its client has given up
	 * may be read late, on a stream or in a session that was held back, and must not
	 * fence the one that followed it. Both numbers only grow.
	 */
	private static boolean isLate(Command.OpenProducer command, OpenedProducer current) {
		Peer asking = command.producer();
		if (asking.session() == current.peer.session()) {
			return asking.id() < current.peer.id();
		}
		return command.epoch() >= 0 && asking.session() < current.peer.session();
	}

	@Nullable OpenedProducer find(Peer producer) {
		return this.opened.get(producer);
	}

	/** Closes a producer that does not come back; nobody else knows a generated name. */
	void closeForGood(Peer producer, Consumer<Effect> out) {
		OpenedProducer closed = this.opened.get(producer);
		close(producer, out);
		if (closed != null && !closed.fenced && closed.named.generated) {
			forgetUnlessUsed(closed.named.name, out);
		}
	}

	/** Whoever used a name says that it is not used any more. */
	void forgetUnlessUsed(String name, Consumer<Effect> out) {
		NamedProducer named = this.names.get(name);
		if (named != null && named.current == null && !named.window.hasPending()) {
			forget(name);
			this.unused.remove(name);
			this.unusedGenerated.remove(name);
			out.accept(new Storing.ForgetProducers(Set.of(name)));
		}
	}

	/** Removes all producers, and tells them. */
	void removeAll(StorageFailure failure, Consumer<Effect> out) {
		for (OpenedProducer producer : List.copyOf(this.opened.values())) {
			if (!producer.fenced) {
				producer.remove(failure, out);
			}
		}
		this.opened = Collections.emptyNavigableMap();
	}

	/** Closes a producer, which may open again. */
	void close(Peer producer, Consumer<Effect> out) {
		OpenedProducer closed = this.opened.get(producer);
		this.opened = Sparse.without(this.opened, producer);
		if (closed != null && closed.named.current == closed) {
			closed.named.refuseUnanswered(producer, out, ErrorCode.CLOSED, "The producer was closed");
			closed.named.current = null;
			unused(closed.named);
		}
	}

	void closeAll(long session, Consumer<Effect> out) {
		List.copyOf(this.opened.keySet())
			.stream()
			.filter((peer) -> peer.session() == session)
			.forEach((peer) -> close(peer, out));
	}

	List<TopicSnapshot.Producer> snapshot() {
		return this.opened.values()
			.stream()
			.filter((producer) -> !producer.fenced)
			.map((producer) -> new TopicSnapshot.Producer(producer.named.name, producer.named.epochs.current(),
					producer.named.window.highestStored()))
			.toList();
	}

	/** A producer of some session. */
	static final class OpenedProducer {

		private final Peer peer;

		private final NamedProducer named;

		private boolean fenced;

		OpenedProducer(Peer peer, NamedProducer named) {
			this.peer = peer;
			this.named = named;
		}

		void fence(Consumer<Effect> out) {
			String reason = "A newer producer named '" + this.named.name + "' took over, with epoch "
					+ this.named.epochs.current();
			this.fenced = true;
			if (!this.named.refuseUnanswered(this.peer, out, ErrorCode.PRODUCER_FENCED, reason)) {
				out.accept(new Effect.ProducerClosed(this.peer, ErrorCode.PRODUCER_FENCED, reason));
			}
		}

		private void remove(StorageFailure failure, Consumer<Effect> out) {
			this.named.current = null;
			if (!this.named.refuseUnanswered(this.peer, out, failure.code(), failure.reason())) {
				out.accept(new Effect.ProducerClosed(this.peer, failure.code(), failure.reason()));
			}
		}

		boolean isFenced() {
			return this.fenced;
		}

		NamedProducer named() {
			return this.named;
		}

	}

	/** What is known under a name, whether or not a producer is connected. */
	static final class NamedProducer {

		private final String name;

		private final boolean generated;

		private final SequenceWindow window;

		/**
		 * The latest producer may say any epoch since it came, for the answer to its last
		 * opening may have been lost.
		 */
		private Epochs epochs;

		private boolean epochsStored;

		private @Nullable ReplyTo unanswered;

		private @Nullable OpenedProducer current;

		NamedProducer(String name, boolean generated, SequenceWindow window, Epochs epochs) {
			this.name = name;
			this.epochs = epochs;
			this.generated = generated;
			this.window = window;
		}

		String name() {
			return this.name;
		}

		boolean isConnected() {
			return this.current != null;
		}

		/** It opens again, or another producer does so, which says no epoch. */
		void advance(long said) {
			long next = Math.max(this.epochs.current(), said) + 1;
			this.epochs = new Epochs((said < 0) ? next : this.epochs.since(), next);
			this.epochsStored = false;
		}

		SequenceWindow window() {
			return this.window;
		}

		/**
		 * Answers who opened the producer, once its epochs are stored and nothing of an
		 * older session is being appended: before that, nobody can tell the highest
		 * sequence id stored.
		 */
		void answer(Consumer<Effect> out) {
			ReplyTo replyTo = this.unanswered;
			if (replyTo != null && this.epochsStored && !this.window.hasPending()) {
				this.unanswered = null;
				out.accept(new Effect.ProducerOpened(replyTo, this.name, this.epochs.current(),
						this.window.highestStored()));
			}
		}

		private boolean refuseUnanswered(Peer peer, Consumer<Effect> out, ErrorCode code, String reason) {
			ReplyTo replyTo = this.unanswered;
			this.unanswered = null;
			if (replyTo != null) {
				out.accept(new Effect.Refused(replyTo, code, reason, null, peer));
			}
			return replyTo != null;
		}

	}

}
