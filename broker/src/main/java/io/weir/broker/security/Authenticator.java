package io.weir.broker.security;

import java.util.concurrent.CompletionStage;

/**
 * Finds out who a client is, once for each connection, before anything else is taken from
 * it. For instance:
 *
 * <pre class="code">
 * Authenticator tokens = (credentials) -&gt; users.findByToken(credentials.token())
 *     .thenApply((user) -&gt; (user != null) ? new Authenticated(user) : new Refused("This token is not known"));
 * </pre>
 *
 * <p>
 * It is asked on the event loop of the connection, which it must not block, for many
 * clients at the same time; it may answer later, on any thread. A client that has no
 * answer within the limit {@code connect-timeout} is sent away, and comes again; so is
 * one about whom it throws, or answers with a failure.
 */
@FunctionalInterface
public interface Authenticator {

	/**
	 * Finds out who a client is.
	 * @param credentials what the client says
	 * @return completes with the answer
	 */
	CompletionStage<Authentication> authenticate(Credentials credentials);

	/**
	 * Takes everybody, without a name. A client that shows a token is refused, so that
	 * nobody believes it was checked.
	 * @return the authenticator
	 */
	static Authenticator none() {
		return NoAuthentication.INSTANCE;
	}

}
