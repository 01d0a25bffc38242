package io.weir.broker.session;

/**
 * What sessions tell their clients about the broker.
 *
 * @param brokerName what the broker calls itself
 * @param maxFrameSize the longest frame that the broker takes, in bytes
 * @param maxMessageSize the most bytes of one batch that the broker takes
 */
public record SessionSettings(String brokerName, int maxFrameSize, int maxMessageSize) {

}
