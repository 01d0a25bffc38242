/**
 * Connections and streams without a carrier, for tests of what is above them: all happens
 * at once, on the test's thread, as the test says.
 */
@NullMarked
package io.weir.transport.fakes;

import org.jspecify.annotations.NullMarked;
