package io.weir.spring.listener;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What can be said about a listener container at one moment.
 *
 * @param id its id
 * @param client the name of the client that it uses; {@code null} for the default one
 * @param topics what it reads
 * @param subscription what remembers its acknowledgements; {@code null} if it reads its
 * topics without one
 * @param state what it is doing
 * @param concurrency how many consumers it has for each topic
 * @param received how many messages it was given since it was made
 * @param failed how many of them the listener failed on
 * @param givenBack how many of them nobody had decided about when their consumer ended,
 * so that they are delivered again
 * @param failure why it is not subscribed or has failed; {@code null} while it receives
 * @param lastFailure what went wrong last, with a message or with the subscription, since
 * it was made
 */
public record ListenerStatus(String id, @Nullable String client, List<String> topics, @Nullable String subscription,
		ListenerState state, int concurrency, long received, long failed, long givenBack, @Nullable String failure,
		@Nullable String lastFailure) {
}
