/** The storage engine that keeps everything on the heap and forgets it when closed. */
@NullMarked
package io.weir.broker.store.memory;

import org.jspecify.annotations.NullMarked;
