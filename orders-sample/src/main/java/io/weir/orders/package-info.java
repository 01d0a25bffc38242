/**
 * Takes orders, has them paid, and notes what came of it.
 */
@NullMarked
package io.weir.orders;

import org.jspecify.annotations.NullMarked;
