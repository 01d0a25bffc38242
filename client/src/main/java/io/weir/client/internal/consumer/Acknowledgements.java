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

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;
import io.weir.wire.ProtocolException;

/**
 * Acknowledgements that the broker has not confirmed: gathered, or sent in a group. They
 * are few, because a consumer takes no more messages than it holds permits for without
 * the broker. Safe to use from any thread; completes no future under its lock.
 */
final class Acknowledgements {

	/** So many are sent without waiting for more. */
	static final int GROUP_SIZE = 1000;

	private final Map<MessageId, List<CompletableFuture<Void>>> gathered = new LinkedHashMap<>();

	private final Set<Group> sent = new HashSet<>();

	/** Whether somebody will send what is gathered. */
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
		boolean first = !this.awaited;
		this.awaited = true;
		return first ? Due.LATER : Due.SEEN_TO;
	}

	private void gather(MessageId id, @Nullable CompletableFuture<Void> future) {
		List<CompletableFuture<Void>> futures = this.gathered.computeIfAbsent(id, (key) -> new ArrayList<>(1));
		if (future != null) {
			futures.add(future);
		}
	}

	/** Takes a group to be sent, or {@code null} if nothing is gathered. */
	synchronized @Nullable Group send() {
		this.awaited = false;
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
		Group group = new Group(taken);
		this.sent.add(group);
		return group;
	}

	/** The broker has stored a group. */
	void confirmed(Group group) {
		if (remove(group)) {
			group.futures().forEach((future) -> future.complete(null));
		}
	}

	/** The broker cannot store a group now: it is gathered again. */
	synchronized void postponed(Group group) {
		if (remove(group)) {
			gather(group);
		}
	}

	/** The broker refused a group: it is gathered again, but those who wait are told. */
	void refused(Group group, RuntimeException cause) {
		List<CompletableFuture<Void>> failing = group.futures();
		synchronized (this) {
			if (!remove(group)) {
				return;
			}
			group.entries.keySet().forEach((id) -> gather(id, null));
		}
		failing.forEach((future) -> future.completeExceptionally(cause));
	}

	private synchronized boolean remove(Group group) {
		return this.sent.remove(group);
	}

	/** Nobody will confirm what was sent: all is gathered again. */
	synchronized void takeBack() {
		this.sent.forEach(this::gather);
		this.sent.clear();
	}

	private void gather(Group group) {
		group.entries.forEach((id, futures) -> {
			gather(id, null);
			futures.forEach((future) -> gather(id, future));
		});
	}

	/**
	 * How many are not confirmed.
	 * @return the count
	 */
	synchronized int size() {
		return this.gathered.size() + this.sent.stream().mapToInt((group) -> group.entries.size()).sum();
	}

	/** Fails all futures and forgets all. */
	void clear(ProtocolException cause, Function<ProtocolException, RuntimeException> failures) {
		List<CompletableFuture<Void>> failing = new ArrayList<>();
		synchronized (this) {
			takeBack();
			this.gathered.values().forEach(failing::addAll);
			this.gathered.clear();
		}
		failing.forEach((future) -> future.completeExceptionally(failures.apply(cause)));
	}

	/** When to send what is gathered. */
	enum Due {

		NOW, LATER, SEEN_TO

	}

	/** What goes into one frame. Each is itself only. */
	static final class Group {

		private final Map<MessageId, List<CompletableFuture<Void>>> entries;

		private Group(Map<MessageId, List<CompletableFuture<Void>>> entries) {
			this.entries = entries;
		}

		List<MessageId> ids() {
			return List.copyOf(this.entries.keySet());
		}

		private List<CompletableFuture<Void>> futures() {
			return this.entries.values().stream().flatMap(List::stream).toList();
		}

	}

}
