package io.weir.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Flight recorder event: a resource was created, or could not be.
 */
@Name("io.weir.pool.ResourceCreate")
@Label("Resource Create")
@Category({ "Weir", "Pool" })
@Description("The creation of a resource, without its first test")
@StackTrace(false) // always the pool's own thread
final class ResourceCreateEvent extends Event {

	@Label("Pool")
	final String pool;

	@Label("Succeeded")
	boolean succeeded;

	ResourceCreateEvent(String pool) {
		this.pool = pool;
	}

}
