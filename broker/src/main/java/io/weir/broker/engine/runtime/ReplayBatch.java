package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.runtime.DeadLetterReader.Letter;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.message.MessageId;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * Some of the messages of a replay, and what became of them. For one thread at a time.
 */
final class ReplayBatch {

	private final DeadLetterReader.Page page;

	private final ReplayRecord record;

	private final List<Letter> replayed = new ArrayList<>();

	private final Set<Copy> copies = new LinkedHashSet<>();

	private final Map<Letter, String> failures = new TreeMap<>(
			(one, other) -> one.view().id().compareTo(other.view().id()));

	/** How many messages were looked at. */
	private int looked;

	private @Nullable StorageFailure interruption;

	/** Whether something before this has to wait. */
	private final boolean ahead;

	/** The first entry with something that has to wait. */
	private @Nullable Position firstPostponed;

	/** Entries of which something is left to be replayed. */
	private final Set<Position> open = new HashSet<>();

	ReplayBatch(DeadLetterReader.Page page, ReplayRecord record, boolean ahead) {
		this.page = page;
		this.record = record;
		this.ahead = ahead;
	}

	/** Whether nothing is left that could be meant. */
	boolean isEmpty() {
		return this.page.letters().isEmpty() || isBeyond(this.page.letters().get(0));
	}

	private boolean isBeyond(Letter letter) {
		return letter.position().isAfter(this.record.upTo());
	}

	/** The next message that is to be replayed, if there is one. */
	@Nullable Letter next() {
		while (this.interruption == null && this.looked < this.page.letters().size()) {
			Letter next = this.page.letters().get(this.looked);
			if (isBeyond(next)) {
				return null;
			}
			this.looked++;
			if (isMeant(next)) {
				return next;
			}
		}
		return null;
	}

	private boolean isMeant(Letter letter) {
		MessageId message = this.record.message();
		return (message == null || letter.view().id().equals(message)) && this.record.filter().matches(letter.view())
				&& (this.record.again() || !letter.view().replayed());
	}

	/** The last one is where it came from. */
	void replayed(Letter letter, Topic target) {
		this.replayed.add(letter);
		this.copies.add(new Copy(letter.position(), target));
	}

	/** The last one cannot be. */
	void failed(Letter letter, String reason) {
		this.failures.put(letter, letter.view().id() + ": " + reason);
	}

	/** The last one cannot be now, others can. */
	void postpone(Letter letter) {
		this.open.add(letter.position());
		if (this.firstPostponed == null) {
			this.firstPostponed = letter.position();
		}
	}

	/** The last one cannot be now, and comes next. */
	void interrupt(StorageFailure failure) {
		this.looked--;
		this.open.add(this.page.letters().get(this.looked).position());
		this.interruption = failure;
	}

	@Nullable StorageFailure interruption() {
		return this.interruption;
	}

	/** What was replayed, for each entry with something. */
	Map<Position, PartialEntry> noted() {
		Map<Position, PartialEntry> noted = new TreeMap<>();
		for (Letter letter : this.replayed) {
			noted
				.computeIfAbsent(letter.position(),
						(position) -> new PartialEntry(letter.entry().header().count(), new BitSet()))
				.acknowledged()
				.set(letter.index());
		}
		return noted;
	}

	/** Up to where nothing is left. */
	private Position reached() {
		if (this.ahead) {
			return this.record.next();
		}
		return (this.firstPostponed != null) ? this.firstPostponed : end();
	}

	/** Where looking goes on. */
	Position end() {
		List<Letter> letters = this.page.letters();
		return (this.looked < letters.size()) ? letters.get(this.looked).position()
				: letters.get(letters.size() - 1).position().after();
	}

	/**
	 * How far the replay is now. Of an entry that is looked at again that counts then.
	 */
	ReplayRecord advance() {
		Position reached = reached();
		long counted = this.replayed.stream()
			.filter((letter) -> !this.record.again() || reached.isAfter(letter.position()))
			.count();
		List<String> failed = this.failures.entrySet()
			.stream()
			.filter((failure) -> reached.isAfter(failure.getKey().position()))
			.map(Map.Entry::getValue)
			.toList();
		return this.record.advanced(reached, (int) counted, failed);
	}

	/**
	 * What is not forwarded again: of entries that are not looked at again, or of which
	 * nothing is left, as is stored.
	 */
	List<Copy> forgettable() {
		Position reached = reached();
		return this.copies.stream()
			.filter((copy) -> reached.isAfter(copy.source())
					|| (!this.record.again() && !this.open.contains(copy.source())))
			.toList();
	}

	/** Something of an entry is in a target, which remembers it. */
	record Copy(Position source, Topic target) {
	}

}
