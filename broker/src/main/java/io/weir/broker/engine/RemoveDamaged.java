package io.weir.broker.engine;

import java.util.Map;

import io.weir.wire.Position;

/**
 * Give up those of a run of entries that are damaged.
 *
 * @param replyTo who is to be told
 * @param from the first entry of the run
 * @param to the last one
 */
public record RemoveDamaged(ReplyTo replyTo, Position from,
		Position to) implements Storing.Asking<Map<Position, Integer>> {

	@Override
	public Command done(Map<Position, Integer> entries) {
		return new Outcome.DamagedRemoved(this, entries);
	}

}
