package io.weir.message;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What an application failed with on a message that became a dead letter, beside
 * {@link DeadLetterOrigin}. It travels in the headers of the copy, and goes when that is
 * replayed.
 *
 * @param exception the name of the exception's class
 * @param message what the exception says; perhaps nothing. Its beginning
 * @param stackTrace where it comes from, with its causes, for people. Its beginning
 */
public record DeadLetterCause(String exception, String message, String stackTrace) {

	/** The header with the name of the exception's class. */
	public static final String EXCEPTION_HEADER = "weir_origin_exception";

	/** The header with what the exception says. */
	public static final String MESSAGE_HEADER = "weir_origin_exception_message";

	/** The header with the stack trace. */
	public static final String STACK_TRACE_HEADER = "weir_origin_stack_trace";

	/** Checks that nothing is missing. */
	public DeadLetterCause {
		Objects.requireNonNull(exception, "exception");
		Objects.requireNonNull(message, "message");
		Objects.requireNonNull(stackTrace, "stackTrace");
	}

	/**
	 * Reads the cause from the headers of a message.
	 * @param headers the headers
	 * @return the cause, or {@code null} if the headers do not tell of one
	 */
	public static @Nullable DeadLetterCause of(Headers headers) {
		String exception = headers.get(EXCEPTION_HEADER);
		return (exception == null) ? null
				: new DeadLetterCause(exception, Objects.requireNonNullElse(headers.get(MESSAGE_HEADER), ""),
						Objects.requireNonNullElse(headers.get(STACK_TRACE_HEADER), ""));
	}

	/**
	 * Headers that tell of this cause.
	 * @param headers the headers of the message
	 * @return these, and those of the cause; those of an earlier one are replaced
	 */
	public Headers addTo(Headers headers) {
		return headers.with(EXCEPTION_HEADER, this.exception)
			.with(MESSAGE_HEADER, this.message)
			.with(STACK_TRACE_HEADER, this.stackTrace);
	}

	/**
	 * Headers that tell of no cause.
	 * @param headers the headers of a message
	 * @return these without those of a cause
	 */
	public static Headers removeFrom(Headers headers) {
		if (headers.get(EXCEPTION_HEADER) == null) {
			return headers;
		}
		Map<String, String> others = new LinkedHashMap<>(headers.asMap());
		others.remove(EXCEPTION_HEADER);
		others.remove(MESSAGE_HEADER);
		others.remove(STACK_TRACE_HEADER);
		return Headers.of(others);
	}

}
