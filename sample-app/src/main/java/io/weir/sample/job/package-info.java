/**
 * The main job: publish the flights, watch them arrive, say how it went.
 */
@NullMarked
package io.weir.sample.job;

import org.jspecify.annotations.NullMarked;
