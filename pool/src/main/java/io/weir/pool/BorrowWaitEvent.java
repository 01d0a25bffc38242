package io.weir.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Flight recorder event: a borrower found nothing idle and had to wait.
 */
@Name("io.weir.pool.BorrowWait")
@Label("Borrow Wait")
@Category({ "Weir", "Pool" })
@Description("A borrower found no idle resource and waited for one")
@StackTrace(false) // it ends on the thread that served the borrower
final class BorrowWaitEvent extends Event {

	@Label("Pool")
	final String pool;

	@Label("Served")
	@Description("Whether the borrower got a resource in the end")
	boolean served;

	private BorrowWaitEvent(String pool) {
		this.pool = pool;
	}

	static BorrowWaitEvent start(String pool) {
		BorrowWaitEvent event = new BorrowWaitEvent(pool);
		event.begin();
		return event;
	}

	void finish(boolean gotOne) {
		end();
		if (shouldCommit()) {
			this.served = gotOne;
			commit();
		}
	}

}
