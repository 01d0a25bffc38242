package io.weir.spring.listener;

import io.weir.message.Message;

/**
 * Decides which messages a listener is given. A bean of this type serves the listeners
 * that name it in {@code filter}. Called by as many threads at once as these listeners
 * have consumers.
 */
@FunctionalInterface
public interface WeirMessageFilter {

	/**
	 * Decides about a message, one of a batch too.
	 * @param message the message
	 * @return whether the listener is given it; one that it is not given is acknowledged
	 * @throws Exception whatever went wrong, which is a failure of the message, or of the
	 * batch that it is in
	 */
	boolean accepts(Message<byte[]> message) throws Exception;

}
