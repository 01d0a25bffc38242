/**
 * A carrier without a network: connections within one JVM, with the same streams, limits
 * and reasons as over any other.
 */
@NullMarked
package io.weir.transport.memory;

import org.jspecify.annotations.NullMarked;
