/** A broker in a container. */
@NullMarked
package io.weir.testcontainers;

import org.jspecify.annotations.NullMarked;
