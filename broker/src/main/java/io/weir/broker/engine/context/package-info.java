/**
 * What the parts of a topic share: how far its log goes, its time, its way out. Internal
 * to the broker.
 */
@NullMarked
package io.weir.broker.engine.context;

import org.jspecify.annotations.NullMarked;
