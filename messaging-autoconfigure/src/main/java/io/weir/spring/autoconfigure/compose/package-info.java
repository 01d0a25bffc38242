/** Leads an application to a broker that Docker Compose runs. */
@NullMarked
package io.weir.spring.autoconfigure.compose;

import org.jspecify.annotations.NullMarked;
