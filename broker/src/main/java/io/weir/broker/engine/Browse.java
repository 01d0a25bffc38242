package io.weir.broker.engine;

import io.weir.wire.Position;

/**
 * Asks for entries of a topic as they are stored, whoever has acknowledged them; answered
 * by {@link Effect.Browsed}.
 *
 * @param replyTo where the answer goes
 * @param from the first entry wanted, or else the first after it
 * @param maxEntries how many entries at most
 * @param maxBytes how many bytes at most, though one entry at least if there is one
 */
public record Browse(ReplyTo replyTo, Position from, int maxEntries, int maxBytes) implements Command.Administration {
}
