package io.weir.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Flight recorder event: a resource was destroyed.
 */
@Name("io.weir.pool.ResourceDestroy")
@Label("Resource Destroy")
@Category({ "Weir", "Pool" })
@Description("The destruction of a resource")
@StackTrace(false) // always the pool's own thread
final class ResourceDestroyEvent extends Event {

	@Label("Pool")
	final String pool;

	@Label("Reason")
	final String reason;

	ResourceDestroyEvent(String pool, DestroyReason reason) {
		this.pool = pool;
		this.reason = reason.name();
	}

}
