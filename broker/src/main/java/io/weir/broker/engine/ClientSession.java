package io.weir.broker.engine;

/**
 * Somebody who gives topics commands and is told their effects: a client that is
 * connected, or a caller in this JVM. Safe to use from any thread.
 */
public interface ClientSession {

	/**
	 * Tells an effect. On the topic's thread, in order for each topic; must not block.
	 * @param effect the effect, whose buffers the session releases
	 */
	void tell(Effect.Telling effect);

	/**
	 * With whom the session counts as one where it is bounded what one client may do.
	 * @return is equal for sessions of the same origin
	 */
	Object origin();

}
