/** The one way in which a setting is checked and refused. Not for applications. */
@NullMarked
package io.weir.setting;

import org.jspecify.annotations.NullMarked;
