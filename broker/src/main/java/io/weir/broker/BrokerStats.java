package io.weir.broker;

import java.util.Map;

import io.weir.wire.BrokerLimit;

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
 * @param expired messages that were not delivered to a subscription because they had
 * expired, summed over all subscriptions
 * @param bytesKept bytes of the batches that the topics that are open keep
 * @param quotaRefusals batches refused since the backlog of their topic was too large
 * @param messagesDropped messages given up for the same reason that somebody had not
 * acknowledged
 * @param damagedBatches batches of messages refused because their bytes had changed on
 * the way
 * @param limits what became of each limit; empty if the broker is not running
 */
public record BrokerStats(int connections, long messagesIn, long messagesOut, long bytesIn, long bytesOut, long backlog,
		long expired, long bytesKept, long quotaRefusals, long messagesDropped, long damagedBatches,
		Map<BrokerLimit, LimitStats> limits) {

}
