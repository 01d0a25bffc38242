package io.weir.broker.engine;

import io.weir.wire.Position;

/** Hears of each entry that was stored in a topic's log. */
public interface StoredListener {

	/**
	 * An entry was stored.
	 * @param position where
	 * @param count how many messages it has
	 * @param bytes how many bytes it has
	 */
	void stored(Position position, int count, int bytes);

}
