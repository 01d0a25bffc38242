/** Application contexts of tests that have a broker of their own. */
@NullMarked
package io.weir.test.context;

import org.jspecify.annotations.NullMarked;
