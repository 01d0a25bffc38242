/** JSON schemas by Jackson 3. */
@NullMarked
package io.weir.client.internal.json;

import org.jspecify.annotations.NullMarked;
