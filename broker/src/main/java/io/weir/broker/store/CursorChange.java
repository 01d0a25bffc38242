package io.weir.broker.store;

import java.util.Map;
import java.util.Set;

import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.wire.Position;

/**
 * What was acknowledged on a subscription, or delivered in vain, since the last time. Its
 * size is that of what was acknowledged, and of the entries that have become holes by it,
 * however many holes there are already.
 *
 * @param acknowledgedUpTo everything up to this position is acknowledged
 * @param holesUpTo up to this position everything is acknowledged but what is kept of
 * single entries, the holes; beyond it, only what is kept
 * @param kept for each entry changed, or a hole from now on, what is acknowledged of it
 * @param forgotten the entries of which nothing is kept any more
 * @param redeliveries for each entry changed, how often its messages were delivered in
 * vain; an empty one is forgotten, and so are all up to {@code acknowledgedUpTo}
 */
public record CursorChange(Position acknowledgedUpTo, Position holesUpTo, Map<Position, PartialEntry> kept,
		Set<Position> forgotten, Map<Position, RedeliveryCounts> redeliveries) {
}
