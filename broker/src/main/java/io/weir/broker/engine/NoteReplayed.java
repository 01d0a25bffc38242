package io.weir.broker.engine;

import java.util.Map;

import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.wire.Position;

/**
 * Messages of a topic were replayed; answered by {@link Effect.Done} when that is stored.
 *
 * @param replyTo where the answer goes
 * @param messages which ones, for each entry with any
 */
public record NoteReplayed(ReplyTo replyTo, Map<Position, PartialEntry> messages) implements Command.Administration {
}
