/**
 * What is observed of messages sent and received, and how traces travel with them.
 */
@NullMarked
package io.weir.spring.observation;

import org.jspecify.annotations.NullMarked;
