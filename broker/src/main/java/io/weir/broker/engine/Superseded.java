package io.weir.broker.engine;

import io.weir.wire.Position;

/**
 * An entry of a log of which each message has a later one with its key, or need not be
 * kept for another reason.
 *
 * @param position where it stands
 * @param messages how many messages it has
 * @param bytes how many bytes it has
 */
public record Superseded(Position position, int messages, int bytes) {
}
