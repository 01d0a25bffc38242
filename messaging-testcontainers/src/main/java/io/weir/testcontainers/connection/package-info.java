/** Leads an application with {@code @ServiceConnection} to the broker in a container. */
@NullMarked
package io.weir.testcontainers.connection;

import org.jspecify.annotations.NullMarked;
