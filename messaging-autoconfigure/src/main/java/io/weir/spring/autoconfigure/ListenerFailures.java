package io.weir.spring.autoconfigure;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.setting.InvalidSettingException;
import io.weir.spring.listener.NonRetryableFailures;

/** Which failures of listeners are not tried again, as properties say. */
final class ListenerFailures {

	private ListenerFailures() {
	}

	/**
	 * What is said.
	 * @throws IllegalArgumentException naming a class that is no exception, or that is in
	 * both
	 */
	static NonRetryableFailures of(@Nullable List<Class<?>> nonRetryable, @Nullable List<Class<?>> retryable) {
		return new NonRetryableFailures(exceptions("nonRetryable", nonRetryable), exceptions("retryable", retryable));
	}

	private static Set<Class<? extends Throwable>> exceptions(String setting, @Nullable List<Class<?>> types) {
		Set<Class<? extends Throwable>> exceptions = new HashSet<>();
		if (types != null) {
			for (Class<?> type : types) {
				if (!Throwable.class.isAssignableFrom(type)) {
					throw new InvalidSettingException(setting, "must name exceptions only", type.getName());
				}
				exceptions.add(type.asSubclass(Throwable.class));
			}
		}
		return exceptions;
	}

}
