package io.weir.broker.engine;

/**
 * Where an answer goes.
 *
 * @param session the session that asked
 * @param ticket by what the session knows the request, from 1; or {@link #NOBODY}
 */
public record ReplyTo(long session, long ticket) {

	/** The ticket of requests whose answers nobody waits for. */
	public static final long NOBODY = 0;

}
