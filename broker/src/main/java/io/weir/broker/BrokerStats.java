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
 * @param messagesTrimmed messages trimmed, for whatever reason, that durable
 * subscriptions were never given, summed over these
 * @param messagesCompacted messages taken out of logs since later ones have their keys
 * @param delayed messages that their senders have delayed, and that are not due, of the
 * topics that are open
 * @param redelivery what became of messages that were delivered in vain
 * @param damagedBatches batches of messages refused because their bytes had changed on
 * the way
 * @param protocol what was refused because it exceeds a limit of the protocol
 * @param limits what became of each limit; empty if the broker is not running
 */
public record BrokerStats(int connections, long messagesIn, long messagesOut, long bytesIn, long bytesOut, long backlog,
		long expired, long bytesKept, long quotaRefusals, long messagesDropped, long messagesTrimmed,
		long messagesCompacted, long delayed, RedeliveryStats redelivery, long damagedBatches, ProtocolStats protocol,
		Map<BrokerLimit, LimitStats> limits) {

	/** Of a broker that is not running. */
	static final BrokerStats NONE = new BrokerStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
			new RedeliveryStats(0, 0, 0, 0, 0), 0, new ProtocolStats(0, 0), Map.of());

	/**
	 * What was refused because it exceeds a limit that does not depend on what else goes
	 * on. Clients keep to these limits by themselves.
	 *
	 * @param tooLarge batches and frames that are larger than the broker takes
	 * @param others requests that exceed another limit, as the length of a name
	 */
	public record ProtocolStats(long tooLarge, long others) {
	}

	/**
	 * What became of messages that were delivered and not acknowledged, summed over all
	 * subscriptions.
	 *
	 * @param redelivered deliveries of messages that had been delivered before
	 * @param parkedKeys keys of which no message is delivered now, until one that was
	 * given back is delivered again
	 * @param deadLetters messages that became dead letters
	 * @param deadLettersWaiting messages that are given up now, and not stored as dead
	 * letters yet
	 * @param replayed dead letters that were published to where they came from again
	 */
	public record RedeliveryStats(long redelivered, long parkedKeys, long deadLetters, long deadLettersWaiting,
			long replayed) {
	}

}
