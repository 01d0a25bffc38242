/** Clients that mean harm, beside one that does not. */
@NullMarked
package io.weir.client.hostile;

import org.jspecify.annotations.NullMarked;
