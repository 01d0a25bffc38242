/**
 * Publishes the events that Spring Modulith externalizes: an outbox.
 */
@NullMarked
package io.weir.spring.modulith;

import org.jspecify.annotations.NullMarked;
