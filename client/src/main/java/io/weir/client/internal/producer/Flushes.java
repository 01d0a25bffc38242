package io.weir.client.internal.producer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Those who wait for messages to be done. Only touched on the producer's executor. */
final class Flushes {

	private final List<Flush> flushes = new ArrayList<>();

	/** Completes the future when all these messages are done. */
	void add(List<OutgoingMessage> messages, CompletableFuture<Void> future) {
		if (messages.isEmpty()) {
			future.complete(null);
			return;
		}
		Set<OutgoingMessage> open = Collections.newSetFromMap(new IdentityHashMap<>());
		open.addAll(messages);
		this.flushes.add(new Flush(open, future));
	}

	/** Whether somebody waits for a message. */
	boolean isWaitingFor(OutgoingMessage message) {
		return this.flushes.stream().anyMatch((flush) -> flush.open().contains(message));
	}

	void done(OutgoingMessage message) {
		if (!this.flushes.isEmpty()) {
			this.flushes.removeIf((flush) -> flush.done(message));
		}
	}

	private record Flush(Set<OutgoingMessage> open, CompletableFuture<Void> future) {

		boolean done(OutgoingMessage message) {
			this.open.remove(message);
			return this.open.isEmpty() && this.future.complete(null);
		}

	}

}
