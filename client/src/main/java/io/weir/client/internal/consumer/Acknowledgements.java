package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Acknowledgements that the broker has not confirmed: gathered, or sent in a group. They
 * are few, because a consumer takes no more messages than it holds permits for without
 * the broker. Safe to use from any thread; completes no future under its lock.
 */
final class Acknowledgements {

	/** So many are sent without waiting for more. */
	static final int GROUP_SIZE = 1000;

	@GuardedBy("this")
	private final Map<MessageId, List<CompletableFuture<Void>>> gathered = new LinkedHashMap<>();

	/** The last of those that are acknowledged with all before them. */
	@GuardedBy("this")
	private @Nullable MessageId gatheredUpTo;

	@GuardedBy("this")
	private final List<CompletableFuture<Void>> waitingUpTo = new ArrayList<>();

	@GuardedBy("this")
	private final Set<Group> sent = new HashSet<>();

	/** Whether somebody will send what is gathered. */
	@GuardedBy("this")
	private boolean awaited;

	/**
	 * Adds one.
	 * @return when the caller must see to it that what is gathered is sent
	 */
	synchronized Due add(MessageId id, @Nullable CompletableFuture<Void> future) {
		gather(id, future);
		if (this.gathered.size() % GROUP_SIZE == 0) {
			return Due.NOW;
		}
		return later();
	}

	/**
	 * Adds one, and all that come before it in the log.
	 * @return when the caller must see to it that what is gathered is sent
	 */
	synchronized Due addUpTo(MessageId id, @Nullable CompletableFuture<Void> future) {
		gatherUpTo(id, (future != null) ? List.of(future) : List.of());
		return later();
	}

	@GuardedBy("this")
	private Due later() {
		boolean first = !this.awaited;
		this.awaited = true;
		return first ? Due.LATER : Due.SEEN_TO;
	}

	@GuardedBy("this")
	private void gatherUpTo(MessageId id, List<CompletableFuture<Void>> futures) {
		MessageId last = this.gatheredUpTo;
		this.gatheredUpTo = (last == null || id.compareTo(last) > 0) ? id : last;
		this.waitingUpTo.addAll(futures);
	}

	@GuardedBy("this")
	private void gather(MessageId id, @Nullable CompletableFuture<Void> future) {
		List<CompletableFuture<Void>> futures = this.gathered.computeIfAbsent(id, (key) -> new ArrayList<>(1));
		if (future != null) {
			futures.add(future);
		}
	}

	/** The last that is gathered with all before it; {@code null} if there is none. */
	synchronized @Nullable MessageId upTo() {
		return this.gatheredUpTo;
	}

	/**
	 * Gathers messages instead of all up to one, unless a later one was added meanwhile.
	 * @param ids the messages; those who wait are told when the last of them is confirmed
	 * @return who need not wait, as there are no messages
	 */
	synchronized List<CompletableFuture<Void>> oneByOne(MessageId upTo, List<MessageId> ids) {
		if (!upTo.equals(this.gatheredUpTo)) {
			return List.of();
		}
		List<CompletableFuture<Void>> waiting = List.copyOf(this.waitingUpTo);
		this.gatheredUpTo = null;
		this.waitingUpTo.clear();
		if (ids.isEmpty()) {
			return waiting;
		}
		ids.forEach((id) -> gather(id, null));
		waiting.forEach((future) -> gather(ids.get(ids.size() - 1), future));
		return List.of();
	}

	/**
	 * Takes a group to be sent.
	 * @return the group, or {@code null} if there is none
	 */
	synchronized @Nullable Group send() {
		this.awaited = false;
		MessageId upTo = this.gatheredUpTo;
		if (upTo != null) {
			Group group = new Group(upTo, Map.of(upTo, List.copyOf(this.waitingUpTo)));
			this.gatheredUpTo = null;
			this.waitingUpTo.clear();
			this.sent.add(group);
			return group;
		}
		if (this.gathered.isEmpty()) {
			return null;
		}
		Map<MessageId, List<CompletableFuture<Void>>> taken = new LinkedHashMap<>();
		Iterator<Map.Entry<MessageId, List<CompletableFuture<Void>>>> entries = this.gathered.entrySet().iterator();
		while (entries.hasNext() && taken.size() < GROUP_SIZE) {
			Map.Entry<MessageId, List<CompletableFuture<Void>>> entry = entries.next();
			taken.put(entry.getKey(), entry.getValue());
			entries.remove();
		}
		Group group = new Group(null, taken);
		this.sent.add(group);
		return group;
	}

	/**
	 * The broker has stored a group.
	 * @return whether that was still wanted; then {@link Group#complete()} must be called
	 */
	synchronized boolean confirmed(Group group) {
		return this.sent.remove(group);
	}

	/** The broker cannot store a group now: it is gathered again. */
	synchronized void postponed(Group group) {
		if (this.sent.remove(group)) {
			gather(group);
		}
	}

	/** The broker refused a group: it is gathered again, but those who wait are told. */
	void refused(Group group, RuntimeException cause) {
		List<CompletableFuture<Void>> failing = group.futures();
		synchronized (this) {
			if (!this.sent.remove(group)) {
				return;
			}
			gather(group.withoutFutures());
		}
		failing.forEach((future) -> future.completeExceptionally(cause));
	}

	/** Nobody will confirm what was sent: all is gathered again. */
	synchronized void takeBack() {
		for (Group group : this.sent) {
			gather(group);
		}
		this.sent.clear();
	}

	@GuardedBy("this")
	private void gather(Group group) {
		if (group.upTo != null) {
			gatherUpTo(group.upTo, group.futures());
			return;
		}
		for (Map.Entry<MessageId, List<CompletableFuture<Void>>> entry : group.entries.entrySet()) {
			gather(entry.getKey(), null);
			for (CompletableFuture<Void> future : entry.getValue()) {
				gather(entry.getKey(), future);
			}
		}
	}

	/**
	 * How many are not confirmed.
	 * @return the count
	 */
	synchronized int size() {
		return this.gathered.size() + ((this.gatheredUpTo != null) ? 1 : 0)
				+ this.sent.stream().mapToInt((group) -> group.entries.size()).sum();
	}

	/** Forgets all: the subscription was moved or removed, and they do not count. */
	void supersede() {
		takeAll().forEach((future) -> future.complete(null));
	}

	/** Fails all futures and forgets all. */
	void clear(ProtocolException cause, Function<ProtocolException, RuntimeException> failures) {
		takeAll().forEach((future) -> future.completeExceptionally(failures.apply(cause)));
	}

	private synchronized List<CompletableFuture<Void>> takeAll() {
		takeBack();
		List<CompletableFuture<Void>> futures = new ArrayList<>(this.waitingUpTo);
		this.gathered.values().forEach(futures::addAll);
		this.gathered.clear();
		this.gatheredUpTo = null;
		this.waitingUpTo.clear();
		return futures;
	}

	/** When to send what is gathered. */
	enum Due {

		NOW, LATER, SEEN_TO

	}

	/** What goes into one frame. Each is itself only. */
	static final class Group {

		private final @Nullable MessageId upTo;

		private final Map<MessageId, List<CompletableFuture<Void>>> entries;

		private Group(@Nullable MessageId upTo, Map<MessageId, List<CompletableFuture<Void>>> entries) {
			this.upTo = upTo;
			this.entries = entries;
		}

		private Group withoutFutures() {
			Map<MessageId, List<CompletableFuture<Void>>> ids = new LinkedHashMap<>();
			this.entries.keySet().forEach((id) -> ids.put(id, List.of()));
			return new Group(this.upTo, ids);
		}

		/** The last one, if all before it are in the group as well. */
		@Nullable MessageId upTo() {
			return this.upTo;
		}

		List<MessageId> ids() {
			return List.copyOf(this.entries.keySet());
		}

		Frame frame(long consumerId) {
			return (this.upTo != null) ? new Frame.AcknowledgeUpTo(consumerId, this.upTo)
					: new Frame.Acknowledge(consumerId, ids());
		}

		void complete() {
			futures().forEach((future) -> future.complete(null));
		}

		private List<CompletableFuture<Void>> futures() {
			return this.entries.values().stream().flatMap(List::stream).toList();
		}

	}

}
