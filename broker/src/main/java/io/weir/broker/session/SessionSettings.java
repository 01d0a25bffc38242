package io.weir.broker.session;

/**
 * What sessions tell their clients about the broker.
 *
 * @param brokerName what the broker calls itself
 * @param maxFrameSize the longest frame that the broker takes, in bytes
 */
public record SessionSettings(String brokerName, int maxFrameSize) {

}
