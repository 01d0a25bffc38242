/**
 * Who clients are, and what they may do: asked by sessions, answered by whoever embeds
 * the broker.
 */
@NullMarked
package io.weir.broker.security;

import org.jspecify.annotations.NullMarked;
