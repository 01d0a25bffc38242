package io.weir.broker;

/**
 * Figures of a broker since it was started.
 *
 * @param connections clients connected now
 * @param messagesIn messages stored
 * @param messagesOut messages delivered, repeated deliveries included
 * @param bytesIn bytes of the messages stored
 * @param bytesOut bytes of the messages delivered
 * @param backlog messages stored and not acknowledged, summed over all durable
 * subscriptions
 */
public record BrokerStats(int connections, long messagesIn, long messagesOut, long bytesIn, long bytesOut,
		long backlog) {

}
