/** Tests with application contexts. */
@NullMarked
package io.weir.test.spring;

import org.jspecify.annotations.NullMarked;
