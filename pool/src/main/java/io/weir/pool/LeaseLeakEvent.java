package io.weir.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * Flight recorder event: a lease is out for longer than the leak detection threshold.
 */
@Name("io.weir.pool.LeaseLeak")
@Label("Lease Leak")
@Category({ "Weir", "Pool" })
@Description("A lease is out for longer than the leak detection threshold")
@StackTrace(false) // found by the sweeper, not by the borrower
final class LeaseLeakEvent extends Event {

	@Label("Pool")
	final String pool;

	@Label("Lent For")
	@Timespan(Timespan.NANOSECONDS)
	final long lentFor;

	LeaseLeakEvent(String pool, long lentFor) {
		this.pool = pool;
		this.lentFor = lentFor;
	}

}
