package io.weir.broker.store.rocksdb;

import java.util.concurrent.CompletionStage;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

/** Hands one writer's cursor changes to the committer. */
final class RocksCursorStore implements CursorStore {

	private final TopicState state;

	private final Committer committer;

	RocksCursorStore(TopicState state, Committer committer) {
		this.state = state;
		this.committer = committer;
	}

	@Override
	public CompletionStage<Void> create(String subscription, SubscriptionType type, Position acknowledgedUpTo) {
		long upTo = Keys.entry(acknowledgedUpTo);
		return submit(true, (batch) -> this.state.cursors().create(subscription, type, upTo, batch));
	}

	@Override
	public CompletionStage<Void> acknowledge(String subscription, CursorChange change) {
		return submit(false, (batch) -> this.state.cursors().acknowledge(subscription, change, batch));
	}

	@Override
	public CompletionStage<Void> move(String subscription, Cursor target) {
		return submit(true, (batch) -> this.state.cursors().move(subscription, target, batch));
	}

	@Override
	public CompletionStage<Void> delete(String subscription) {
		return submit(true, (batch) -> this.state.cursors().delete(subscription, batch));
	}

	private CompletionStage<Void> submit(boolean sync, TopicChange.Change change) {
		return TopicChange.of(this.state, sync, change).submit(this.committer);
	}

}
