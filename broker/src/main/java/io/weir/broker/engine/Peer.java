package io.weir.broker.engine;

/**
 * A producer or a consumer, as its client numbers it.
 *
 * @param session the client's session
 * @param id the client's number for it, unique in the session among producers and among
 * consumers
 */
public record Peer(long session, long id) {

}
