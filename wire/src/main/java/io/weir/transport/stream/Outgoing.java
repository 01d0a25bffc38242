package io.weir.transport.stream;

import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.BudgetShare;
import io.weir.wire.Budgets;
import io.weir.wire.codec.AssemblyBudget.RoomMaker;

/**
 * What waits to be sent on one connection. Answers that wait hold the peer back, who
 * would get more of them for whatever is read from him. When too much waits for all peers
 * of a server, those who have the most are ended. Of one event loop.
 */
final class Outgoing {

	private final Budget forAnswers;

	private final BudgetShare share;

	private final RoomMaker others;

	private final Runnable heldChanged;

	private long answers;

	private boolean held;

	/**
	 * Creates the count.
	 * @param others asked to make room when too much waits
	 * @param heldChanged told when the peer is held back, and when no longer
	 */
	Outgoing(Budgets budgets, RoomMaker others, Runnable heldChanged) {
		this.forAnswers = budgets.of(BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION);
		this.share = new BudgetShare(budgets.of(BrokerLimit.OUTGOING_MEMORY));
		this.others = others;
		this.heldChanged = heldChanged;
	}

	BudgetShare share() {
		return this.share;
	}

	/**
	 * More or less waits than before.
	 * @param bytes how much in all
	 * @param ofAnswers how much of that is answers
	 */
	void changed(long bytes, long ofAnswers) {
		this.share.take(bytes);
		this.answers += ofAnswers;
		if (bytes > 0 && this.share.budget().isExceeded()) {
			this.share.budget().countRefusal();
			this.others.makeRoom(0, 0);
		}
		long limit = this.forAnswers.limit();
		if (!this.held && this.answers > limit) {
			this.held = true;
			this.forAnswers.countRefusal();
			this.heldChanged.run();
		}
		else if (this.held && this.answers <= limit / 2) {
			this.held = false;
			this.heldChanged.run();
		}
	}

	/** Whether nothing is to be read from the peer but on its control stream. */
	boolean isHeld() {
		return this.held;
	}

}
