/**
 * Connections and their streams as client and broker see them, whatever carries them:
 * requests by id, the lifecycle of pooled streams, heartbeat.
 */
@NullMarked
package io.weir.transport;

import org.jspecify.annotations.NullMarked;
