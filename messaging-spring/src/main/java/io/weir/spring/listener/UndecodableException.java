package io.weir.spring.listener;

import java.util.Map;

import io.weir.message.MessageId;

/** Before a listener was called: it cannot be given some of its batch. */
final class UndecodableException extends RuntimeException {

	private static final long serialVersionUID = 1;

	private final transient Map<MessageId, Throwable> failures;

	UndecodableException(Map<MessageId, Throwable> failures) {
		super(failures.size() + " messages of a batch cannot be decoded", failures.values().iterator().next());
		this.failures = Map.copyOf(failures);
	}

	/** Why not, for each that cannot be decoded. */
	Map<MessageId, Throwable> failures() {
		return this.failures;
	}

}
