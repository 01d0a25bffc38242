package io.weir.client.internal.link;

import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** A producer or consumer, as far as the client that closes it must know it. */
public interface Endpoint {

	/**
	 * Closes it in order. Harmless when closed.
	 * @return {@link #closed()}, which completes within the endpoint's own timeout
	 */
	CompletableFuture<Void> close();

	/**
	 * Ends it at once: what is still pending fails with {@code CLOSED}.
	 * @return completes when that has failed
	 */
	CompletableFuture<Void> abort();

	/**
	 * Completes, never exceptionally, when it is closed, for whatever reason.
	 * @return the future
	 */
	CompletableFuture<Void> closed();

	/**
	 * Waits for several.
	 * @param futures what is waited for
	 * @return completes when all have, exceptionally if one does
	 */
	static CompletableFuture<Void> all(Stream<? extends CompletableFuture<?>> futures) {
		return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
	}

	/**
	 * What had not ended when it was closed, or was not confirmed by the broker.
	 * @return a part of a sentence, human-readable; {@code null} if nothing was
	 */
	@Nullable String unfinished();

	/**
	 * As {@link #unfinished()}, of several.
	 * @param endpoints what belongs together
	 * @return a part of a sentence, or {@code null}
	 */
	static @Nullable String unfinished(Collection<? extends Endpoint> endpoints) {
		String unfinished = endpoints.stream()
			.map(Endpoint::unfinished)
			.filter(Objects::nonNull)
			.collect(Collectors.joining(", "));
		return unfinished.isEmpty() ? null : unfinished;
	}

}
