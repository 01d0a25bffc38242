package io.weir.client.internal.consumer;

import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

import io.weir.message.MessageId;

/**
 * Messages that were given up, as dead letters, and of which the broker may not have
 * heard that: what it was told may be lost with the connection. In the same session
 * nothing overtakes it. In a later one these messages come again, if the broker has not
 * heard it, and must not be acknowledged with those behind them before that. Guarded by
 * the lock of the {@link Inbox}.
 */
final class GivenUp {

	/** What the broker was told in this session and has not answered behind. */
	private final NavigableSet<MessageId> told = new TreeSet<>();

	/** What it was told in an earlier one, or not at all. */
	private final NavigableSet<MessageId> inDoubt = new TreeSet<>();

	/** The broker is told now. */
	void tell(Collection<MessageId> ids) {
		this.inDoubt.removeAll(ids);
		this.told.addAll(ids);
	}

	/** The broker is not told, since there is no connection. */
	void leaveInDoubt(MessageId id) {
		this.inDoubt.add(id);
	}

	/** What the broker has heard when it answers what is asked next. */
	List<MessageId> told() {
		return List.copyOf(this.told);
	}

	/** The broker has answered what was asked behind these. */
	void heard(List<MessageId> ids) {
		ids.forEach(this.told::remove);
	}

	/** The connection is lost. */
	void lost() {
		this.inDoubt.addAll(this.told);
		this.told.clear();
	}

	/** The application is given one all the same, and decides about it. */
	void given(MessageId id) {
		this.inDoubt.remove(id);
	}

	boolean isInDoubt(MessageId id) {
		return this.inDoubt.contains(id);
	}

	/** Whether a message is, or one before it. */
	boolean isInDoubtUpTo(MessageId id) {
		return !this.inDoubt.isEmpty() && this.inDoubt.first().compareTo(id) <= 0;
	}

	void clear() {
		this.told.clear();
		this.inDoubt.clear();
	}

}
