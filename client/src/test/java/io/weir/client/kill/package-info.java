/**
 * Processes that are killed in the middle of making dead letters, or by a message.
 */
@NullMarked
package io.weir.client.kill;

import org.jspecify.annotations.NullMarked;
