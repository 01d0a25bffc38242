/**
 * What the auto-configurations of the client and of the broker have in common: checks of
 * properties, and advice when an application does not start. Not for applications.
 */
@NullMarked
package io.weir.spring.autoconfigure.common;

import org.jspecify.annotations.NullMarked;
