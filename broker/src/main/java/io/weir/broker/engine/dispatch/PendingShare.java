package io.weir.broker.engine.dispatch;

import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;

/**
 * How many entries one subscription may have that were read and are not acknowledged: an
 * eighth of the room that all leave, and a few in any case. So one that is alone gets
 * much, and those that acknowledge nothing keep no other from going on, however many they
 * are (dynamic thresholds; A. Choudhury, E. Hahne, "Dynamic Queue Length Thresholds for
 * Shared-Memory Packet Switches", 1998).
 */
final class PendingShare {

	/** So many at least, that everybody gets on. */
	static final int LEAST = 16;

	static final int PART = 8;

	private final Budget all;

	private int used;

	/** Whether there was no room when somebody looked last. */
	private boolean missed;

	PendingShare(Budgets budgets) {
		this.all = budgets.of(BrokerLimit.PENDING_ENTRIES);
	}

	/** How many more may be read now. */
	int room() {
		long share = Math.max(LEAST, (this.all.limit() - this.all.used()) / PART);
		long room = share - this.used;
		if (room <= 0 && !this.missed) {
			this.all.countRefusal();
		}
		this.missed = room <= 0;
		return (int) Math.max(0, Math.min(Integer.MAX_VALUE, room));
	}

	/** The subscription has so many now. */
	void use(int entries) {
		this.all.take(entries - this.used);
		this.used = entries;
	}

}
