package io.weir.spring.autoconfigure.broker;

/**
 * Decides when a broker is closed that its application context closes; at once unless
 * there is a bean of this type.
 */
@FunctionalInterface
interface BrokerClosing {

	/**
	 * Closes the broker, now or later.
	 * @param close closes it
	 */
	void close(Runnable close);

}
