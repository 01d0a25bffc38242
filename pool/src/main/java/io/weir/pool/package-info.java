/**
 * Leases, tests, expires and replaces costly resources, for blocking and asynchronous
 * callers alike.
 */
@NullMarked
package io.weir.pool;

import org.jspecify.annotations.NullMarked;
