/**
 * The sample application: publishes real flights from several threads and watches them
 * arrive, in order, each once.
 */
@NullMarked
package io.weir.sample;

import org.jspecify.annotations.NullMarked;
