package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Storing;
import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.broker.store.Entry;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What was acknowledged on a subscription, and what of it was confirmed and stored. */
final class SimulatedAcknowledgements {

	private final Simulation simulation;

	private final String subscription;

	/** By consumers, or by the broker itself: dead letters, and what has expired. */
	private final Set<MessageId> asked = new HashSet<>();

	/**
	 * What the broker has acknowledged itself and not stored, as far as that is known.
	 */
	private final Set<MessageId> byBroker = new HashSet<>();

	private final Set<MessageId> confirmed = new HashSet<>();

	/** What could not be stored, to be asked again. */
	private final List<MessageId> unstored = new ArrayList<>();

	/** What was confirmed, and lost with the power. */
	private final Set<MessageId> lost = new HashSet<>();

	private Position storedUpTo = Position.BEFORE_FIRST;

	private Position trimmedUpTo = Position.BEFORE_FIRST;

	private Position storedHolesUpTo = Position.BEFORE_FIRST;

	private final Map<Position, PartialEntry> storedEntries = new HashMap<>();

	/** Grows when what was known of the subscription counts no more. */
	private int incarnation;

	SimulatedAcknowledgements(Simulation simulation, String subscription) {
		this.simulation = simulation;
		this.subscription = subscription;
	}

	int incarnation() {
		return this.incarnation;
	}

	void ask(List<MessageId> ids) {
		this.asked.addAll(ids);
	}

	/** The broker has refused to acknowledge messages, and done nothing. */
	void takeBack(List<MessageId> ids) {
		ids.forEach(this.asked::remove);
	}

	boolean isAsked(MessageId id) {
		return this.asked.contains(id);
	}

	long asked() {
		return this.asked.size();
	}

	boolean isConfirmed(MessageId id) {
		return this.confirmed.contains(id);
	}

	/** Whether a message was acknowledged, and that was lost with the power. */
	boolean isLost(MessageId id) {
		return this.lost.contains(id);
	}

	boolean allConfirmed(long messages) {
		return this.confirmed.size() == messages;
	}

	/** Whether the broker may have acknowledged a message itself. */
	boolean mayBeGone(MessageId id) {
		return this.simulation.deadLetters().has(this.subscription, id) || archive().mayHaveExpired(id);
	}

	/** How many messages that may be of which nothing else is known. */
	long mayBeGone() {
		return notAskedUpTo(this.simulation.topic().lastStored()).stream().filter(this::mayBeGone).count();
	}

	/** What lies between the cursor and a message, with it. */
	List<MessageId> upTo(MessageId last) {
		return archive().idsBetween(this.storedUpTo, Position.of(last))
			.filter((id) -> id.compareTo(last) <= 0)
			.toList();
	}

	/** What is not acknowledged up to an entry. */
	List<MessageId> notAskedUpTo(Position end) {
		return archive().idsBetween(this.storedUpTo, end).filter((id) -> !this.asked.contains(id)).toList();
	}

	void answered(int asking, List<MessageId> ids, Effect.Telling answer) {
		if (asking != this.incarnation) {
			return;
		}
		if (answer instanceof Effect.Done) {
			assertThat(ids).as("what was confirmed").allMatch(this::isStored);
			this.confirmed.addAll(ids);
		}
		else {
			this.unstored.addAll(ids);
		}
	}

	private boolean isStored(MessageId id) {
		Position position = Position.of(id);
		if (!position.isAfter(this.trimmedUpTo) || archive().isRemoved(position)) {
			return true;
		}
		PartialEntry entry = this.storedEntries.get(position);
		if (entry != null) {
			return entry.acknowledged().get(MessageIds.index(id));
		}
		return !position.isAfter(this.storedHolesUpTo);
	}

	List<MessageId> takeUnstored() {
		List<MessageId> again = new ArrayList<>(this.unstored);
		this.unstored.clear();
		return again;
	}

	/**
	 * No cursor may pass what nobody acknowledged, unless it keeps it as a hole: nor what
	 * is to become a dead letter before its copy is stored.
	 */
	void check(Storing.StoreAcknowledgements acks) {
		CursorChange change = acks.change();
		requireAsked(this.storedUpTo, change.acknowledgedUpTo(), Set.of());
		requireAsked(this.storedHolesUpTo, change.holesUpTo(), change.kept().keySet());
		change.forgotten().forEach((position) -> requireAsked(position.before(), position, Set.of()));
		change.kept()
			.forEach((position,
					entry) -> entry.acknowledged().stream().forEach((i) -> requireAsked(position.message(i))));
	}

	private void requireAsked(Position after, Position last, Set<Position> kept) {
		for (Entry entry : archive().between(after, last)) {
			if (!kept.contains(entry.position())) {
				SimulatedArchive.ids(entry).forEach(this::requireAsked);
			}
		}
	}

	private void requireAsked(MessageId id) {
		if (!this.asked.contains(id)) {
			Simulation.require(mayBeGone(id), "The cursor of '%s' passed %s, which was not acknowledged",
					this.subscription, id);
			if (!this.simulation.deadLetters().has(this.subscription, id)) {
				this.simulation.reached(
						archive().mayHaveExpiredByItself(id) ? Reached.EXPIRED_BY_ITSELF : Reached.EXPIRED_BY_POLICY);
			}
			this.asked.add(id);
			this.byBroker.add(id);
		}
	}

	void stored(Storing.StoreAcknowledgements acks) {
		CursorChange change = acks.change();
		assertThat(change.acknowledgedUpTo()).as("the cursor").isGreaterThanOrEqualTo(this.storedUpTo);
		assertThat(change.holesUpTo()).as("the holes").isGreaterThanOrEqualTo(change.acknowledgedUpTo());
		this.storedUpTo = change.acknowledgedUpTo();
		this.storedHolesUpTo = change.holesUpTo();
		this.storedEntries.putAll(change.kept());
		this.storedEntries.keySet().removeAll(change.forgotten());
		assertThat(this.storedEntries.keySet()).as("what the cursor has passed is forgotten")
			.allMatch((position) -> position.isAfter(this.storedUpTo));
		List<MessageId> done = this.byBroker.stream().filter(this::isStored).toList();
		this.confirmed.addAll(done);
		done.forEach(this.byBroker::remove);
	}

	/** What was not stored is forgotten. */
	void brokerDied() {
		this.asked.stream().filter(this::isStored).forEach(this.confirmed::add);
		this.asked.retainAll(this.confirmed);
		this.byBroker.clear();
		this.unstored.clear();
	}

	/** What is before the new cursor counts as acknowledged, and nothing else. */
	void moved(Storing.MoveCursor move) {
		deleted();
		this.storedUpTo = move.target().acknowledgedUpTo();
		this.storedHolesUpTo = move.target().holesUpTo();
		this.storedEntries.putAll(move.target().entries());
		archive().idsBetween(Position.BEFORE_FIRST, move.target().acknowledgedUpTo().after())
			.filter(this::isStored)
			.forEach(this.asked::add);
		this.confirmed.addAll(this.asked);
	}

	/** Nothing that nobody acknowledged may go. */
	void checkTrim(Position first) {
		checkGone(archive().idsBetween(this.trimmedUpTo, first.before()));
	}

	void checkGone(Stream<MessageId> ids) {
		ids.forEach((id) -> Simulation.require(this.asked.contains(id) || mayBeGone(id),
				"%s is gone, and '%s' has not acknowledged it", id, this.subscription));
	}

	/**
	 * What stands before a position is gone, or was taken out, and does not come again.
	 * @return what that is
	 */
	List<MessageId> trimmed(Position first) {
		List<MessageId> gone = Stream
			.concat(archive().idsBetween(this.trimmedUpTo, first.before()), archive().removedIds())
			.toList();
		this.trimmedUpTo = first.before();
		this.asked.addAll(gone);
		this.confirmed.addAll(gone);
		return gone;
	}

	void deleted() {
		this.incarnation++;
		this.asked.clear();
		this.confirmed.clear();
		this.byBroker.clear();
		this.unstored.clear();
		this.storedUpTo = Position.BEFORE_FIRST;
		this.storedHolesUpTo = Position.BEFORE_FIRST;
		this.trimmedUpTo = Position.BEFORE_FIRST;
		this.storedEntries.clear();
	}

	/** At the end, everything that is stored must have been acknowledged. */
	void checkAll(List<Entry> log) {
		Set<MessageId> all = log.stream().flatMap(SimulatedArchive::ids).collect(Collectors.toSet());
		assertThat(all.equals(this.confirmed))
			.as("%s: %s of %s messages acknowledged", this.subscription, this.confirmed.size(), all.size())
			.isTrue();
	}

	/** Remembers what is stored, and makes it so again before the broker is started. */
	Runnable checkpoint() {
		Set<MessageId> confirmed = new HashSet<>(this.confirmed);
		Position storedUpTo = this.storedUpTo;
		Position trimmedUpTo = this.trimmedUpTo;
		Position storedHolesUpTo = this.storedHolesUpTo;
		Map<Position, PartialEntry> storedEntries = new HashMap<>(this.storedEntries);
		Set<MessageId> asked = new HashSet<>(this.asked);
		return () -> {
			this.lost.addAll(this.confirmed);
			this.lost.removeAll(confirmed);
			if (!this.lost.isEmpty()) {
				this.simulation.reached(Reached.ACKNOWLEDGEMENT_LOST);
			}
			deleted();
			this.asked.addAll(asked);
			this.confirmed.addAll(confirmed);
			this.storedUpTo = storedUpTo;
			this.trimmedUpTo = trimmedUpTo;
			this.storedHolesUpTo = storedHolesUpTo;
			this.storedEntries.putAll(storedEntries);
		};
	}

	private SimulatedArchive archive() {
		return this.simulation.topic().archive();
	}

}
