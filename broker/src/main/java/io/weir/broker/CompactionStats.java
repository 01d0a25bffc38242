package io.weir.broker;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What came of the compaction of a topic, or of one of its partitions, since that was
 * opened.
 *
 * @param running whether its log is being gone through
 * @param passes how often that was done
 * @param lastPass when it was done last, or {@code null}
 * @param removedMessages messages taken out of the log, since later ones have their keys
 * @param removedBytes how many bytes they had
 * @param keys how many keys the log had the last time, as far as they are told apart
 * @param leftMessages messages that stay though there may be later ones, since there are
 * more keys than are told apart
 * @param failure why it could not go on when that was last tried, or {@code null}
 */
public record CompactionStats(boolean running, long passes, @Nullable Instant lastPass, long removedMessages,
		long removedBytes, long keys, long leftMessages, @Nullable String failure) {
}
