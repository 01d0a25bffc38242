/**
 * Listener containers: who asks for messages, hands them to a method, and acknowledges.
 */
@NullMarked
package io.weir.spring.listener;

import org.jspecify.annotations.NullMarked;
