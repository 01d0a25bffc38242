/**
 * What the broker's engine is told and what it says: values, and the sessions that
 * exchange them with it. Around each topic's single-writer core – (command, now) →
 * effects, without threads, clock or I/O – a runtime runs topics on a few threads. The
 * packages below are internal to the broker, though types are public where one of them
 * needs another.
 */
@NullMarked
package io.weir.broker.engine;

import org.jspecify.annotations.NullMarked;
