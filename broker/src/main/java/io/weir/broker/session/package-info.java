/**
 * One session for each connection: frames become commands for the engine, and its effects
 * become frames.
 */
@NullMarked
package io.weir.broker.session;

import org.jspecify.annotations.NullMarked;
