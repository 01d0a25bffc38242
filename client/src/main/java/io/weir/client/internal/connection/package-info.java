/**
 * Keeps a session with the broker: connects, says hello, notices the loss, backs off and
 * tries again.
 */
@NullMarked
package io.weir.client.internal.connection;

import org.jspecify.annotations.NullMarked;
