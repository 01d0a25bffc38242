/** Tests of a part of an application, with all that it needs for messages. */
@NullMarked
package io.weir.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
