package io.weir.broker.engine.dispatch;

import java.util.Set;

import io.weir.wire.Position;

/** Has a reader pass over what was taken out of the log after it was read. */
public final class GoneEntries {

	private GoneEntries() {
	}

	/**
	 * What is pending of entries counts as acknowledged; what was not read is not met.
	 * @return whether there was something
	 */
	public static boolean passOver(Set<Position> entries, Backlog backlog) {
		boolean any = false;
		for (Position position : entries) {
			PendingEntry entry = backlog.ledger().find(position);
			if (entry != null) {
				any = true;
				for (int index = 0; index < entry.count(); index++) {
					backlog.acknowledge(position.message(index));
				}
			}
		}
		return any;
	}

}
