/** An application whose events are published. */
@NullMarked
package io.weir.spring.modulith.shop;

import org.jspecify.annotations.NullMarked;
