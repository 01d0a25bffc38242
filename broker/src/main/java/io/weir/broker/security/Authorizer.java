package io.weir.broker.security;

import java.security.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides what clients may do, when they open a producer or subscribe.
 *
 * <p>
 * It is asked on the event loop of a connection, which it must not block, for many
 * clients at the same time; it may answer later, on any thread. Meanwhile what the client
 * says on the same stream waits, in order, and counts as unanswered (limit
 * {@code request-memory-per-connection}). Without an answer in ten seconds, or if it
 * throws or answers with a failure, the client is told to try again.
 */
@FunctionalInterface
public interface Authorizer {

	/**
	 * Decides whether a client may do something.
	 * @param principal who the client is, as the {@link Authenticator} said
	 * @param operation what it wants to do
	 * @return completes with the decision
	 */
	CompletionStage<Authorization> authorize(Principal principal, Operation operation);

	/**
	 * Lets everybody do everything.
	 * @return the authorizer
	 */
	static Authorizer permitAll() {
		CompletionStage<Authorization> granted = CompletableFuture.completedStage(new Authorization.Granted());
		return (principal, operation) -> granted;
	}

}
