package io.weir.wire;

import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.message.DeadLetterCause;

/**
 * What is said of messages that are given back, cut to what is kept of it.
 *
 * @param error what is wrong with them, for people; perhaps nothing
 * @param cause what the application failed with, or {@code null} if that is not said
 */
public record FailureReport(String error, @Nullable DeadLetterCause cause) {

	/** Nothing is said. */
	public static final FailureReport NONE = new FailureReport("", null);

	/** So many characters are kept of the name of an exception's class. */
	static final int MAX_EXCEPTION = 300;

	/** So many characters are kept of a stack trace. */
	static final int MAX_STACK_TRACE = 4_000;

	/** Of each failure and its causes, so many calls are told. */
	private static final int MAX_CALLS = 15;

	private static final int MAX_CAUSES = 10;

	/** Cuts what is too long. */
	public FailureReport {
		error = ErrorText.cut(error);
		if (cause != null) {
			cause = new DeadLetterCause(ErrorText.cut(cause.exception(), MAX_EXCEPTION), ErrorText.cut(cause.message()),
					ErrorText.cut(cause.stackTrace(), MAX_STACK_TRACE));
		}
	}

	/**
	 * Says what is wrong.
	 * @param error for people; perhaps nothing
	 * @return the report
	 */
	public static FailureReport of(String error) {
		return new FailureReport(error, null);
	}

	/**
	 * Says what an application failed with.
	 * @param failure the failure
	 * @param full whether to say where it comes from as well
	 * @return the report
	 */
	public static FailureReport of(Throwable failure, boolean full) {
		return new FailureReport(text(failure),
				full ? new DeadLetterCause(failure.getClass().getName(), message(failure), stackTrace(failure)) : null);
	}

	private static String message(Throwable failure) {
		return said(failure::getMessage, "");
	}

	private static String text(Throwable failure) {
		return said(failure::toString, failure.getClass().getName());
	}

	/** The methods of an application's exceptions may fail. */
	private static String said(Supplier<@Nullable String> method, String otherwise) {
		try {
			return Objects.requireNonNullElse(method.get(), otherwise);
		}
		catch (Throwable ex) {
			return otherwise;
		}
	}

	private static String stackTrace(Throwable failure) {
		StringBuilder text = new StringBuilder(text(failure));
		Throwable each = failure;
		for (int depth = 0; each != null && depth < MAX_CAUSES && text.length() < MAX_STACK_TRACE; depth++) {
			if (depth > 0) {
				text.append("\nCaused by: ").append(ErrorText.cut(text(each)));
			}
			StackTraceElement[] calls = each.getStackTrace();
			for (int i = 0; i < calls.length && i < MAX_CALLS; i++) {
				text.append("\n\tat ").append(calls[i]);
			}
			if (calls.length > MAX_CALLS) {
				text.append("\n\t... ").append(calls.length - MAX_CALLS).append(" more");
			}
			each = each.getCause();
		}
		return text.toString();
	}

	/**
	 * How much memory it takes.
	 * @return in characters
	 */
	public int size() {
		return this.error.length() + ((this.cause == null) ? 0
				: this.cause.exception().length() + this.cause.message().length() + this.cause.stackTrace().length());
	}

}
