package io.weir.spring.listener;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;

/**
 * Is told of what listeners are given, before and after: for audits, tenants, logging
 * contexts. Beans of this type are for all listeners of the default container factory;
 * the first in order is told first before, and last after. Called by as many threads at
 * once as there are listeners.
 */
public interface WeirListenerInterceptor {

	/**
	 * A listener is about to be called, on this thread. What this throws is a failure of
	 * the messages, as if the listener had thrown it.
	 * @param listenerId the listener
	 * @param messages one message, or a batch
	 * @throws Exception if the listener is not to be called
	 */
	default void before(String listenerId, List<Message<byte[]>> messages) throws Exception {
	}

	/**
	 * A listener has returned, or what it returned has completed, on that thread; or
	 * {@link #before} of one that comes later has thrown. The messages are not yet
	 * acknowledged, unless the listener has done so itself. What this throws is logged
	 * and changes nothing.
	 * @param listenerId the listener
	 * @param messages what it was given
	 * @param failure what it failed with, or {@code null}
	 */
	default void after(String listenerId, List<Message<byte[]>> messages, @Nullable Throwable failure) {
	}

}
