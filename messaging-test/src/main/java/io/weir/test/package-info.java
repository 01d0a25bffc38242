/**
 * A broker in the JVM of an application's tests: {@link io.weir.test.WeirTestBroker}, and
 * the annotation that gives one to each test, {@link io.weir.test.EmbeddedWeir}.
 */
@NullMarked
package io.weir.test;

import org.jspecify.annotations.NullMarked;
