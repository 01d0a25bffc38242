package io.weir.broker.store.rocksdb;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.weir.broker.store.CursorStore;
import io.weir.broker.store.RedeliveryCounts;
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
	public CompletionStage<Void> acknowledge(String subscription, Position acknowledgedUpTo,
			Map<Position, BitSet> entries, Map<Position, RedeliveryCounts> redeliveries) {
		long upTo = Keys.entry(acknowledgedUpTo);
		Map<Long, byte[]> encoded = encode(entries, BitSet::toByteArray);
		Map<Long, byte[]> counts = encode(redeliveries, RedeliveryCounts::toBytes);
		return submit(false, (batch) -> this.state.cursors().acknowledge(subscription, upTo, encoded, counts, batch));
	}

	@Override
	public CompletionStage<Void> move(String subscription, Position acknowledgedUpTo, Map<Position, BitSet> entries) {
		long upTo = Keys.entry(acknowledgedUpTo);
		Map<Long, byte[]> encoded = encode(entries, BitSet::toByteArray);
		return submit(true, (batch) -> this.state.cursors().move(subscription, upTo, encoded, batch));
	}

	/** Encoded at once: the sets are the caller's and go on changing. */
	private static <T> Map<Long, byte[]> encode(Map<Position, T> entries, Function<T, byte[]> encoder) {
		Map<Long, byte[]> encoded = new HashMap<>();
		entries.forEach((position, value) -> encoded.put(Keys.entry(position), encoder.apply(value)));
		return encoded;
	}

	@Override
	public CompletionStage<Void> delete(String subscription) {
		return submit(true, (batch) -> this.state.cursors().delete(subscription, batch));
	}

	private CompletionStage<Void> submit(boolean sync, TopicChange.Change change) {
		return TopicChange.of(this.state, sync, change).submit(this.committer);
	}

}
