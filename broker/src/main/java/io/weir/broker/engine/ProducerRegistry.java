package io.weir.broker.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.message.AccessMode;
import io.weir.wire.ErrorCode;

/**
 * The producers of one topic: who is connected, under which name and epoch, and who was
 * fenced by a newer one.
 */
final class ProducerRegistry {

	private final Map<String, NamedProducer> names = new HashMap<>();

	private final Map<Peer, OpenedProducer> opened = new HashMap<>();

	ProducerRegistry(Map<String, List<StoredBatch>> recovered) {
		recovered.forEach(
				(name, batches) -> this.names.put(name, new NamedProducer(name, false, SequenceWindow.of(batches))));
	}

	/** Opens a producer, if the rules of names and epochs allow it. */
	void open(Command.OpenProducer command, Consumer<Effect> out) {
		OpenedProducer same = this.opened.get(command.producer());
		if (same != null && !same.fenced) {
			out.accept(new Effect.Refused(command.replyTo(), ErrorCode.INVALID_REQUEST,
					"Producer " + command.producer().id() + " is open already"));
			return;
		}
		NamedProducer named = this.names.computeIfAbsent(command.name(),
				(name) -> new NamedProducer(name, command.generated(), new SequenceWindow()));
		if (command.epoch() >= 0 && command.epoch() < named.firstEpoch) {
			out.accept(new Effect.Refused(command.replyTo(), ErrorCode.PRODUCER_FENCED, "Producer '" + named.name
					+ "' of epoch " + command.epoch() + " was replaced by one of epoch " + named.epoch));
			return;
		}
		OpenedProducer older = named.current;
		if (older != null && isLate(command, older)) {
			out.accept(new Effect.Refused(command.replyTo(), ErrorCode.PRODUCER_FENCED,
					"Producer '" + named.name + "' was opened again since this request"));
			return;
		}
		if (older != null && command.epoch() < 0 && command.accessMode() == AccessMode.SHARED) {
			out.accept(new Effect.Refused(command.replyTo(), ErrorCode.PRODUCER_BUSY,
					"A producer named '" + named.name + "' is connected"));
			return;
		}
		named.epoch = Math.max(named.epoch, command.epoch()) + 1;
		if (command.epoch() < 0) {
			named.firstEpoch = named.epoch;
		}
		if (older != null) {
			older.fence(out);
		}
		OpenedProducer producer = new OpenedProducer(command.producer(), command.replyTo().push(), named);
		named.current = producer;
		this.opened.put(command.producer(), producer);
		named.unanswered = command.replyTo();
		named.answer(out);
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
		if (closed != null && !closed.fenced && closed.named.generated && !closed.named.window.hasPending()) {
			this.names.remove(closed.named.name);
		}
	}

	/** Removes all producers, and tells them. */
	void removeAll(StorageFailure failure, Consumer<Effect> out) {
		for (OpenedProducer producer : List.copyOf(this.opened.values())) {
			if (!producer.fenced) {
				producer.remove(failure, out);
			}
		}
		this.opened.clear();
	}

	/** Closes a producer, which may open again. */
	void close(Peer producer, Consumer<Effect> out) {
		OpenedProducer closed = this.opened.remove(producer);
		if (closed != null && closed.named.current == closed) {
			closed.named.refuseUnanswered(out, ErrorCode.CLOSED, "The producer was closed");
			closed.named.current = null;
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
			.map((producer) -> new TopicSnapshot.Producer(producer.named.name, producer.named.epoch,
					producer.named.window.highestStored()))
			.toList();
	}

	/** A producer of some session. */
	static final class OpenedProducer {

		private final Peer peer;

		private final ReplyTo address;

		private final NamedProducer named;

		private boolean fenced;

		OpenedProducer(Peer peer, ReplyTo address, NamedProducer named) {
			this.peer = peer;
			this.address = address;
			this.named = named;
		}

		void fence(Consumer<Effect> out) {
			String reason = "A newer producer named '" + this.named.name + "' took over, with epoch "
					+ this.named.epoch;
			this.fenced = true;
			if (!this.named.refuseUnanswered(out, ErrorCode.PRODUCER_FENCED, reason)) {
				out.accept(new Effect.ProducerClosed(this.address, this.peer, ErrorCode.PRODUCER_FENCED, reason));
			}
		}

		private void remove(StorageFailure failure, Consumer<Effect> out) {
			this.named.current = null;
			if (!this.named.refuseUnanswered(out, failure.code(), failure.reason())) {
				out.accept(new Effect.ProducerClosed(this.address, this.peer, failure.code(), failure.reason()));
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

		private long epoch = -1;

		/**
		 * The first epoch of the producer that has the latest: it may still say any epoch
		 * since then, for the answer to its last take-over may have been lost.
		 */
		private long firstEpoch = -1;

		private @Nullable ReplyTo unanswered;

		private @Nullable OpenedProducer current;

		NamedProducer(String name, boolean generated, SequenceWindow window) {
			this.name = name;
			this.generated = generated;
			this.window = window;
		}

		String name() {
			return this.name;
		}

		SequenceWindow window() {
			return this.window;
		}

		/**
		 * Answers who opened the producer, once nothing of an older session is being
		 * appended: before that, nobody can tell the highest sequence id stored.
		 */
		void answer(Consumer<Effect> out) {
			ReplyTo replyTo = this.unanswered;
			if (replyTo != null && !this.window.hasPending()) {
				this.unanswered = null;
				out.accept(new Effect.ProducerOpened(replyTo, this.name, this.epoch, this.window.highestStored()));
			}
		}

		private boolean refuseUnanswered(Consumer<Effect> out, ErrorCode code, String reason) {
			ReplyTo replyTo = this.unanswered;
			this.unanswered = null;
			if (replyTo != null) {
				out.accept(new Effect.Refused(replyTo, code, reason));
			}
			return replyTo != null;
		}

	}

}
