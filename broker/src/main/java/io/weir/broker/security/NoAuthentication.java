package io.weir.broker.security;

import java.security.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes everybody who does not expect to be checked. */
enum NoAuthentication implements Authenticator, Principal {

	INSTANCE;

	private static final String NAME = "anonymous";

	@Override
	public CompletionStage<Authentication> authenticate(Credentials credentials) {
		return CompletableFuture.completedStage((credentials.token() == null) ? new Authentication.Authenticated(this)
				: new Authentication.Refused("This broker checks no tokens: leave the token out"));
	}

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String toString() {
		return NAME;
	}

}
