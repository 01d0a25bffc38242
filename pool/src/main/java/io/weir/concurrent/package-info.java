/**
 * What Weir's own modules share to deal with threads and futures; not for applications.
 */
@NullMarked
package io.weir.concurrent;

import org.jspecify.annotations.NullMarked;
