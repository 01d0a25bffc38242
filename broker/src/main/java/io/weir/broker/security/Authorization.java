package io.weir.broker.security;

import java.util.Objects;

/** Whether a client may do something. More kinds may be added. */
public sealed interface Authorization {

	/** It may, until it closes the producer or the consumer. */
	record Granted() implements Authorization {

	}

	/**
	 * It may not, and is told so with {@code UNAUTHORIZED}.
	 *
	 * @param reason what it is told beside what it may not do
	 */
	record Denied(String reason) implements Authorization {

		/** Refuses {@code null}. */
		public Denied {
			Objects.requireNonNull(reason, "reason");
		}

	}

}
