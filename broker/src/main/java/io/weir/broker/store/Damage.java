package io.weir.broker.store;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * Something that is stored of a topic and is not as it was written.
 *
 * @param topic the topic, or one of its partitions
 * @param position the entry of its log that is damaged, or {@code null} if it is
 * something else
 * @param reason what is wrong, in a sentence that names topic and position
 */
public record Damage(Topic topic, @Nullable Position position, String reason) {

}
