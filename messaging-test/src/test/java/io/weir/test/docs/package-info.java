/** The code of a page. */
@NullMarked
package io.weir.test.docs;

import org.jspecify.annotations.NullMarked;
