package io.weir.broker.engine.topic;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.context.Sparse;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.subscription.Subscriptions;
import io.weir.wire.Position;

/**
 * Gives up the beginning of a topic's log, one request at a time, and has subscriptions
 * that have not come that far go on at the first entry that is left.
 */
final class Trimming {

	/** The first one is with the store. */
	private List<Request> requests = List.of();

	private final Subscriptions subscriptions;

	private final TopicContext context;

	Trimming(Subscriptions subscriptions, TopicContext context) {
		this.subscriptions = subscriptions;
		this.context = context;
	}

	void trim(Command.Trim command) {
		add(new Request(command.replyTo(), command.before(), command.unacknowledged()));
	}

	/** As a policy wants it: nobody waits for an answer. */
	void trim(Position before, boolean unacknowledged) {
		add(new Request(null, before, unacknowledged));
	}

	boolean isUnderWay() {
		return !this.requests.isEmpty();
	}

	private void add(Request request) {
		this.requests = Sparse.with(this.requests, request);
		if (this.requests.size() == 1) {
			trimNext();
		}
	}

	private void trimNext() {
		if (isUnderWay()) {
			Request next = this.requests.get(0);
			Position before = next.unacknowledged() ? next.before() : this.subscriptions.keep(next.before());
			this.context.topic().trimming(before);
			this.context.out().accept(new Storing.Trim(before));
		}
	}

	void trimmed(Position first) {
		this.context.topic().trimmed(first);
		this.subscriptions.trimmed();
		ReplyTo replyTo = takeFirst().replyTo();
		if (replyTo != null) {
			this.context.out().accept(new Effect.Trimmed(replyTo, first));
		}
		this.context.out().accept(new Storing.FindExtent(first.before()));
		trimNext();
	}

	/** The log is as it was. */
	void failed(StorageFailure failure) {
		this.context.topic().trimmed(this.context.topic().first());
		refuse(takeFirst(), failure);
		trimNext();
	}

	private Request takeFirst() {
		Request first = this.requests.get(0);
		this.requests = Sparse.withoutFirst(this.requests);
		return first;
	}

	/** What is with the store has its outcome yet; nothing more is asked. */
	void logLost(StorageFailure failure) {
		while (this.requests.size() > 1) {
			refuse(this.requests.remove(this.requests.size() - 1), failure);
		}
	}

	private void refuse(Request request, StorageFailure failure) {
		ReplyTo replyTo = request.replyTo();
		if (replyTo != null) {
			this.context.out().accept(Effect.Refused.of(replyTo, failure));
		}
	}

	private record Request(@Nullable ReplyTo replyTo, Position before, boolean unacknowledged) {
	}

}
