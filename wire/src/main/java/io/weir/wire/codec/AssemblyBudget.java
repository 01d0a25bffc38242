package io.weir.wire.codec;

import io.weir.wire.Budget;
import io.weir.wire.BudgetShare;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Bounds what is kept of incomplete frames of all streams of one connection, and of all
 * connections together. What a frame will take is counted before any of it is kept. Used
 * by the connection's thread only.
 */
public final class AssemblyBudget {

	private final BudgetShare share;

	private final RoomMaker others;

	private long limit;

	/** Counts what this connection's own limit refuses. */
	private Budget refusals;

	/**
	 * Creates a budget.
	 * @param limit how many bytes at most
	 * @param refusals counts refusals because of that
	 * @param share what the connection takes of the budget of all
	 * @param others asked for room when there is none left for all
	 */
	public AssemblyBudget(long limit, Budget refusals, BudgetShare share, RoomMaker others) {
		this.limit = limit;
		this.refusals = refusals;
		this.share = share;
		this.others = others;
	}

	/**
	 * A budget without limits.
	 * @return a new budget
	 */
	public static AssemblyBudget unlimited() {
		Budget all = new Budget(Long.MAX_VALUE);
		return new AssemblyBudget(Long.MAX_VALUE, all, new BudgetShare(all), (needed, held) -> {
		});
	}

	/**
	 * From now on the connection has another limit.
	 * @param limit how many bytes at most
	 * @param refusals counts refusals because of that
	 */
	public void limit(long limit, Budget refusals) {
		this.limit = limit;
		this.refusals = refusals;
	}

	/**
	 * Takes what is about to be kept.
	 * @param bytes how much, to be given back
	 * @throws ProtocolException {@link ErrorCode#OVERLOADED} if it is too much
	 */
	public void take(long bytes) {
		long used = this.share.used();
		if (bytes > this.limit - used) {
			this.refusals.countRefusal();
			throw new ProtocolException(ErrorCode.OVERLOADED,
					"A frame of " + bytes + " bytes is too much while others of " + used
							+ " bytes are incomplete: a connection has at most " + this.limit);
		}
		Budget all = this.share.budget();
		if (bytes > all.limit() - all.used()) {
			this.others.makeRoom(bytes, used + bytes);
		}
		if (!this.share.tryTake(bytes)) {
			throw new ProtocolException(ErrorCode.OVERLOADED, "A frame of " + bytes
					+ " bytes is too much now: the broker has " + all.limit() + " bytes for all that is incomplete");
		}
	}

	/**
	 * Gives back what was taken.
	 * @param bytes how much
	 */
	public void giveBack(long bytes) {
		this.share.giveBack(bytes);
	}

	/** Ends connections that hold more than another one asks for. */
	@FunctionalInterface
	public interface RoomMaker {

		/**
		 * Makes room, if that can be.
		 * @param needed how much
		 * @param held those who hold more may be ended for it
		 */
		void makeRoom(long needed, long held);

	}

}
