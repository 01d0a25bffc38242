/** Time, and running tasks one after the other. */
@NullMarked
package io.weir.client.internal.schedule;

import org.jspecify.annotations.NullMarked;
