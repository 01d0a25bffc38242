/** A client whose broker is a script. */
@NullMarked
package io.weir.spring.fake;

import org.jspecify.annotations.NullMarked;
