/** A scripted broker without a network, and a clock that tests turn. */
@NullMarked
package io.weir.client.internal.fakes;

import org.jspecify.annotations.NullMarked;
