package io.weir.broker.security;

import java.security.Principal;
import java.util.Objects;

/** What came of authenticating a client. More kinds may be added. */
public sealed interface Authentication {

	/**
	 * The client is known.
	 *
	 * @param principal who it is, for as long as it is connected
	 */
	record Authenticated(Principal principal) implements Authentication {

		/** Refuses {@code null}. */
		public Authenticated {
			Objects.requireNonNull(principal, "principal");
		}

	}

	/**
	 * The client is sent away, with {@code UNAUTHENTICATED}, and does not try again.
	 *
	 * @param reason what it is told: what is wrong, and nothing that helps to guess
	 */
	record Refused(String reason) implements Authentication {

		/** Refuses {@code null}. */
		public Refused {
			Objects.requireNonNull(reason, "reason");
		}

	}

}
