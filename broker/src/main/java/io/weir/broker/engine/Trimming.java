package io.weir.broker.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import io.weir.wire.Position;

/**
 * Gives up the beginning of a topic's log, one request at a time, and has subscriptions
 * that have not come that far go on at the first entry that is left.
 */
final class Trimming {

	/** The first one is with the store. */
	private final Deque<Command.Trim> requests = new ArrayDeque<>();

	private final TopicProgress topic;

	private final Subscriptions subscriptions;

	private final Consumer<Effect> out;

	Trimming(TopicProgress topic, Subscriptions subscriptions, Consumer<Effect> out) {
		this.topic = topic;
		this.subscriptions = subscriptions;
		this.out = out;
	}

	void trim(Command.Trim command) {
		this.requests.add(command);
		if (this.requests.size() == 1) {
			trimNext();
		}
	}

	private void trimNext() {
		Command.Trim next = this.requests.peek();
		if (next != null) {
			Position before = next.unacknowledged() ? next.before() : this.subscriptions.keep(next.before());
			this.topic.trimming(before);
			this.out.accept(new Effect.Trim(before));
		}
	}

	void trimmed(Position first) {
		this.topic.trimmed(first);
		this.subscriptions.trimmed();
		this.out.accept(new Effect.Trimmed(this.requests.remove().replyTo(), first));
		trimNext();
	}

	/** The log is as it was. */
	void failed(StorageFailure failure) {
		this.topic.trimmed(this.topic.first());
		this.out.accept(Effect.Refused.of(this.requests.remove().replyTo(), failure));
		trimNext();
	}

	/** What is with the store has its outcome yet; nothing more is asked. */
	void logLost(StorageFailure failure) {
		while (this.requests.size() > 1) {
			this.out.accept(Effect.Refused.of(this.requests.removeLast().replyTo(), failure));
		}
	}

}
