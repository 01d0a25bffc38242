package io.weir.broker.store;

import java.util.Map;

import io.weir.broker.store.CursorStore.Cursor;

/**
 * A topic's log with what was stored beside it, as of the opening.
 *
 * @param log the log, for the topic's writer, which closes it
 * @param producers what producers have stored, by name
 * @param cursors what subscriptions have acknowledged, by name
 */
public record OpenedLog(TopicLog log, Map<String, StoredProducer> producers, Map<String, Cursor> cursors) {

}
