package io.weir.client.internal.connection;

/**
 * The names and numbers of a connection manager.
 *
 * @param name the name of the stream pool
 * @param serviceUrl where to connect to, as it stands in messages
 * @param minStreams the pool's minimum, told while there is no pool
 * @param maxStreams the pool's maximum, told while there is no pool
 */
public record ConnectionSettings(String name, String serviceUrl, int minStreams, int maxStreams) {
}
