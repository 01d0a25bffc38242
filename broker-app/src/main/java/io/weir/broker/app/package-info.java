/**
 * The broker as an application of its own.
 */
@NullMarked
package io.weir.broker.app;

import org.jspecify.annotations.NullMarked;
