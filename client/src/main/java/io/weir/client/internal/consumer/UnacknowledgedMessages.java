package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;

/**
 * What the application was given, and what became of it, until the broker is known to
 * have its acknowledgement. When the connection is lost the broker delivers each of these
 * once again, and that is dropped. Until then the message is <em>awaited</em>: to give it
 * back the broker need not be told, or it would come twice; and its acknowledgement says
 * nothing about the delivery, which may be under way on another stream. Guarded by the
 * lock of its {@link Inbox}.
 */
final class UnacknowledgedMessages {

	private final Map<MessageId, Entry> entries = new HashMap<>();

	/** When those expire that are not decided; in order, as all have the same time. */
	private final Map<MessageId, Long> deadlines = new LinkedHashMap<>();

	/** Zero if nothing expires. */
	private final long timeoutNanos;

	private final GivenUp givenUp = new GivenUp();

	/** All up to here are acknowledged, and the broker has not confirmed it. */
	private @Nullable MessageId acknowledgedUpTo;

	UnacknowledgedMessages(long timeoutNanos) {
		this.timeoutNanos = timeoutNanos;
	}

	/**
	 * Whether a message that was delivered is here already. One that the application was
	 * given and that is not awaited, the broker has taken back because it was not
	 * acknowledged in time: perhaps the application has lost it.
	 */
	boolean holds(MessageId id, int redeliveryCount) {
		Entry entry = this.entries.get(id);
		if (entry == null || (entry.state == State.GIVEN && !entry.awaited)) {
			return isAcknowledgedUpTo(id);
		}
		entry.redeliveryCount = redeliveryCount;
		entry.awaited = false;
		if (entry.state == State.CONFIRMED) {
			this.entries.remove(id);
		}
		return true;
	}

	/** The connection is lost: the broker delivers again what it has no word of. */
	void awaitAll() {
		this.entries.values().removeIf((entry) -> entry.state == State.CONFIRMED);
		this.entries.values().forEach((entry) -> entry.awaited = true);
		this.givenUp.lost();
	}

	void give(MessageId id, int redeliveryCount, long now) {
		this.givenUp.given(id);
		this.entries.put(id, new Entry(redeliveryCount));
		if (this.timeoutNanos > 0) {
			// One that was given before comes last now.
			this.deadlines.remove(id);
			this.deadlines.put(id, now + this.timeoutNanos);
		}
	}

	/**
	 * The application wants to give a message back.
	 * @return how often it was delivered before; or {@code null} if it is not for the
	 * application to decide (any more)
	 */
	@Nullable Integer refuse(MessageId id) {
		Entry entry = this.entries.get(id);
		if (entry == null || entry.state != State.GIVEN || isAcknowledgedUpTo(id)) {
			return null;
		}
		entry.state = State.REFUSED;
		this.deadlines.remove(id);
		return entry.redeliveryCount;
	}

	/**
	 * Lets go of a message that was refused, unless it was acknowledged after all.
	 * @param forGood whether it is given up, and must not be acknowledged with those
	 * behind it
	 * @return whether the broker is to be told that it is given back
	 */
	boolean giveBack(MessageId id, boolean forGood) {
		Entry entry = this.entries.get(id);
		if (entry == null || entry.state != State.REFUSED || (!forGood && isAcknowledgedUpTo(id))) {
			return false;
		}
		this.entries.remove(id);
		if (forGood && entry.awaited) {
			this.givenUp.leaveInDoubt(id);
		}
		else if (forGood) {
			this.givenUp.tell(List.of(id));
		}
		return !entry.awaited;
	}

	/** Which messages were given up. */
	GivenUp givenUp() {
		return this.givenUp;
	}

	void acknowledge(MessageId id) {
		Entry entry = this.entries.get(id);
		if (entry != null) {
			entry.state = State.DECIDED;
			this.deadlines.remove(id);
		}
	}

	void acknowledgeUpTo(MessageId id) {
		MessageId last = this.acknowledgedUpTo;
		if (last == null || id.compareTo(last) > 0) {
			this.acknowledgedUpTo = id;
		}
	}

	/**
	 * Which messages are to be acknowledged instead of all up to one: those that the
	 * application has had and not decided about, and that one.
	 * @return the messages in order, or {@code null} if all up to that one may be
	 */
	@Nullable List<MessageId> oneByOne(MessageId last) {
		if (!this.givenUp.isInDoubtUpTo(last)) {
			return null;
		}
		return Stream
			.concat(this.entries.entrySet()
				.stream()
				.filter((each) -> each.getValue().state == State.GIVEN)
				.map(Map.Entry::getKey)
				.filter((id) -> id.compareTo(last) < 0), Stream.of(last))
			.filter((id) -> !this.givenUp.isInDoubt(id))
			.sorted()
			.toList();
	}

	/** All up to a message are acknowledged one by one instead. */
	void notUpTo(MessageId last) {
		if (last.equals(this.acknowledgedUpTo)) {
			this.acknowledgedUpTo = null;
		}
	}

	private boolean isAcknowledgedUpTo(MessageId id) {
		return this.acknowledgedUpTo != null && id.compareTo(this.acknowledgedUpTo) <= 0;
	}

	/** The broker sends these no more. */
	void confirmed(List<MessageId> ids) {
		ids.forEach(this::confirmed);
	}

	private void confirmed(MessageId id) {
		this.deadlines.remove(id);
		Entry entry = this.entries.get(id);
		if (entry != null && entry.awaited) {
			entry.state = State.CONFIRMED;
		}
		else {
			this.entries.remove(id);
		}
	}

	/**
	 * From now on what comes from before is wanted: somebody has moved the subscription.
	 */
	void confirmedUpTo(MessageId last) {
		notUpTo(last);
		this.entries.keySet().removeIf((id) -> id.compareTo(last) <= 0);
		this.deadlines.keySet().removeIf((id) -> id.compareTo(last) <= 0);
	}

	/**
	 * Lets go of a message that nobody got.
	 * @return whether it is for somebody else; not if the broker delivers it again
	 */
	boolean putBack(MessageId id) {
		this.deadlines.remove(id);
		Entry entry = this.entries.remove(id);
		return entry != null && !entry.awaited;
	}

	/**
	 * Lets go of those that the application has not decided about in time.
	 * @return those of which the broker is to be told that they are given back
	 */
	List<MessageId> expire(long now) {
		List<MessageId> expired = new ArrayList<>();
		Iterator<Map.Entry<MessageId, Long>> oldest = this.deadlines.entrySet().iterator();
		while (oldest.hasNext()) {
			Map.Entry<MessageId, Long> next = oldest.next();
			if (next.getValue() - now > 0) {
				break;
			}
			oldest.remove();
			if (!isAcknowledgedUpTo(next.getKey())) {
				Entry entry = this.entries.remove(next.getKey());
				if (entry != null && !entry.awaited) {
					expired.add(next.getKey());
				}
			}
		}
		return expired;
	}

	void clear() {
		this.entries.clear();
		this.deadlines.clear();
		this.givenUp.clear();
		this.acknowledgedUpTo = null;
	}

	private enum State {

		/** The application has it. */
		GIVEN,
		/** It will be given back. */
		REFUSED,
		/** It is acknowledged. */
		DECIDED,
		/** The broker knows that, but a delivery may be under way. */
		CONFIRMED

	}

	private static final class Entry {

		private int redeliveryCount;

		private State state = State.GIVEN;

		private boolean awaited;

		private Entry(int redeliveryCount) {
			this.redeliveryCount = redeliveryCount;
		}

	}

}
