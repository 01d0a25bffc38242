/** Receives: permits, the receiver queue, what is in hand, and acknowledgements. */
@NullMarked
package io.weir.client.internal.consumer;

import org.jspecify.annotations.NullMarked;
