package io.weir.transport.quic;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.netty.util.concurrent.Future;

/** From Netty's futures to the JDK's. */
final class Futures {

	private Futures() {
	}

	/** Completes when the future is done, whether or not it succeeded. */
	static CompletionStage<Void> completion(Future<?> future) {
		CompletableFuture<Void> result = new CompletableFuture<>();
		future.addListener((ignored) -> result.complete(null));
		return result;
	}

}
