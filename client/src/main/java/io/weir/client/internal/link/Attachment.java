package io.weir.client.internal.link;

import io.weir.client.internal.connection.BrokerSession;
import io.weir.client.internal.connection.StreamShare;
import io.weir.transport.RequestStream;

/**
 * How a role reaches the broker, until the link says that it is void.
 *
 * @param id the role's number in the session
 * @param session the session
 * @param lease the lease of the stream on which the role was introduced; the link ends it
 * @param stream that stream, which other roles may use as well
 */
public record Attachment(long id, BrokerSession session, StreamShare lease, RequestStream stream) {
}
