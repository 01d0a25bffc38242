package io.weir.concurrent;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/** Looks behind failures. */
public final class Causes {

	/** Longer chains are cycles, which {@link Throwable#initCause} cannot exclude. */
	private static final int DEEPEST = 50;

	private Causes() {
	}

	/**
	 * What failed, without what futures wrap around it.
	 * @param failure a failure
	 * @return the failure itself, or the first cause that is not such a wrapper
	 */
	public static Throwable unwrap(Throwable failure) {
		Throwable cause = failure;
		while ((cause instanceof CompletionException || cause instanceof ExecutionException)
				&& cause.getCause() != null) {
			cause = cause.getCause();
		}
		return cause;
	}

	/**
	 * What a failure says, whatever its own methods do: those of an application's
	 * exceptions may fail.
	 * @param failure a failure
	 * @return what it says, or the name of its class
	 */
	public static String text(Throwable failure) {
		try {
			return String.valueOf(failure.toString());
		}
		catch (Throwable ex) {
			return failure.getClass().getName();
		}
	}

	/**
	 * The first of a failure and its causes that has a type.
	 * @param <T> the type
	 * @param failure a failure
	 * @param type the type
	 * @return the first one; {@code null} if there is none
	 */
	public static <T extends Throwable> @Nullable T find(@Nullable Throwable failure, Class<T> type) {
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
			cause = cause.getCause();
		}
		return null;
	}

}
