package io.weir.concurrent;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Several stages as one. */
public final class Stages {

	private Stages() {
	}

	/**
	 * Waits for all of them, also if one fails.
	 * @param <T> the type of their outcomes
	 * @param stages the stages, which stay as they are
	 * @return completes with the outcomes in the same order when all have completed;
	 * exceptionally as one of those that did
	 */
	public static <T> CompletableFuture<List<T>> all(Collection<? extends CompletionStage<T>> stages) {
		List<CompletableFuture<T>> futures = stages.stream().map(CompletionStage::toCompletableFuture).toList();
		return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
			.thenApply((done) -> futures.stream().map(CompletableFuture::join).toList());
	}

}
