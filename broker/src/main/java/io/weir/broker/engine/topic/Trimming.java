package io.weir.broker.engine.topic;

import java.util.ArrayDeque;
import java.util.Deque;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.subscription.Subscriptions;
import io.weir.wire.Position;

/**
 * Gives up the beginning of a topic's log, one request at a time, and has subscriptions
 * that have not come that far go on at the first entry that is left.
 */
final class Trimming {

	/** The first one is with the store. */
	private final Deque<Command.Trim> requests = new ArrayDeque<>(1);

	private final Subscriptions subscriptions;

	private final TopicContext context;

	Trimming(Subscriptions subscriptions, TopicContext context) {
		this.subscriptions = subscriptions;
		this.context = context;
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
			this.context.topic().trimming(before);
			this.context.out().accept(new Storing.Trim(before));
		}
	}

	void trimmed(Position first) {
		this.context.topic().trimmed(first);
		this.subscriptions.trimmed();
		this.context.out().accept(new Effect.Trimmed(this.requests.remove().replyTo(), first));
		trimNext();
	}

	/** The log is as it was. */
	void failed(StorageFailure failure) {
		this.context.topic().trimmed(this.context.topic().first());
		this.context.out().accept(Effect.Refused.of(this.requests.remove().replyTo(), failure));
		trimNext();
	}

	/** What is with the store has its outcome yet; nothing more is asked. */
	void logLost(StorageFailure failure) {
		while (this.requests.size() > 1) {
			this.context.out().accept(Effect.Refused.of(this.requests.removeLast().replyTo(), failure));
		}
	}

}
