/**
 * What happened to many messages on a bad network, and whether that keeps the promises.
 */
@NullMarked
package io.weir.client.history;

import org.jspecify.annotations.NullMarked;
