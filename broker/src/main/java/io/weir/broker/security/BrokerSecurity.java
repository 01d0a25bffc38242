package io.weir.broker.security;

/**
 * Whom sessions ask about their clients.
 *
 * @param authenticator finds out who a client is
 * @param authorizer decides what it may do
 */
public record BrokerSecurity(Authenticator authenticator, Authorizer authorizer) {

	/** Everybody may do everything. */
	public static final BrokerSecurity NONE = new BrokerSecurity(Authenticator.none(), Authorizer.permitAll());

}
