package io.weir.spring.listener;

import org.jspecify.annotations.Nullable;

import io.weir.message.Backlog;

/**
 * What a listener has done with the messages of one of its topics since it was made, and
 * what it is doing at one moment.
 *
 * @param topic the topic, or the pattern of several, as it is configured
 * @param received how many messages it was given; one that is retried in place counts
 * once
 * @param redelivered how many of them had been delivered before and not been acknowledged
 * @param processed how many messages the listener succeeded with
 * @param failed how often it failed on a message, each retry in place included
 * @param deadLettered how many messages it gave back for the broker to make dead letters
 * of
 * @param concurrency how many consumers are subscribed now
 * @param maxConcurrency how many it is to have
 * @param activeThreads how many threads are in the listener now
 * @param maxThreads how many it may have
 * @param backlog what the subscription has left to acknowledge, as
 * {@link WeirListenerContainer#refreshBacklogs()} learned last; {@code null} if it did
 * not
 */
public record ListenerTopicStats(String topic, long received, long redelivered, long processed, long failed,
		long deadLettered, int concurrency, int maxConcurrency, int activeThreads, int maxThreads,
		@Nullable Backlog backlog) {
}
