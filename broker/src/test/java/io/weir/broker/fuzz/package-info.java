/** Clients that say what nobody should. */
@NullMarked
package io.weir.broker.fuzz;

import org.jspecify.annotations.NullMarked;
