package io.weir.spring.listener;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import org.springframework.core.convert.ConversionException;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;

import io.weir.client.WeirException;
import io.weir.message.SchemaException;
import io.weir.setting.InvalidSettingException;
import io.weir.wire.ErrorCode;

/**
 * The failures of listeners that no further try would mend, beside those of
 * {@link #ALWAYS}. What counts is the class of the failure, and else the nearest of its
 * superclasses of which something is said; not its causes.
 *
 * @param added classes that are not retried, subclasses included
 * @param removed classes that are, though they are among {@link #ALWAYS} or a superclass
 * is not retried
 */
public record NonRetryableFailures(Set<Class<? extends Throwable>> added, Set<Class<? extends Throwable>> removed) {

	/**
	 * What is not retried unless it is removed: a payload that cannot be decoded or is
	 * not valid, a parameter that cannot be resolved, a message that no handler is for,
	 * something of another class than was expected. A {@link WeirException} with the code
	 * {@link ErrorCode#SCHEMA} counts as a {@link SchemaException}.
	 */
	public static final Set<Class<? extends Throwable>> ALWAYS = Set.of(SchemaException.class,
			MessageConversionException.class, ConversionException.class, MethodArgumentResolutionException.class,
			NoHandlerException.class, ClassCastException.class);

	/** Only what is in {@link #ALWAYS}. */
	public static final NonRetryableFailures DEFAULTS = new NonRetryableFailures(Set.of(), Set.of());

	/**
	 * Checks that no class is in both.
	 * @throws IllegalArgumentException naming a class that is
	 */
	public NonRetryableFailures {
		added = Set.copyOf(Objects.requireNonNull(added, "added"));
		removed = Set.copyOf(Objects.requireNonNull(removed, "removed"));
		for (Class<?> type : added) {
			if (removed.contains(type)) {
				throw new InvalidSettingException("nonRetryable", "must not be retryable at the same time",
						type.getName());
			}
		}
	}

	/** What is said here, and what else is said for all. */
	NonRetryableFailures or(NonRetryableFailures defaults) {
		return new NonRetryableFailures(with(this.added, defaults.added, this.removed),
				with(this.removed, defaults.removed, this.added));
	}

	private static Set<Class<? extends Throwable>> with(Set<Class<? extends Throwable>> own,
			Set<Class<? extends Throwable>> defaults, Set<Class<? extends Throwable>> except) {
		Set<Class<? extends Throwable>> all = new HashSet<>(defaults);
		all.removeAll(except);
		all.addAll(own);
		return all;
	}

	/**
	 * Whether no further try would mend a failure.
	 * @param failure what the listener failed with
	 * @return whether it is not to be retried
	 */
	public boolean contains(Throwable failure) {
		Objects.requireNonNull(failure, "failure");
		boolean schema = failure instanceof WeirException weir && weir.code() == ErrorCode.SCHEMA;
		Class<?> type = schema ? SchemaException.class : failure.getClass();
		while (type != null) {
			if (this.removed.contains(type)) {
				return false;
			}
			if (this.added.contains(type) || ALWAYS.contains(type)) {
				return true;
			}
			type = type.getSuperclass();
		}
		return false;
	}

}
