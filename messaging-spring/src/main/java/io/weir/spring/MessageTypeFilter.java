package io.weir.spring;

import java.util.Objects;
import java.util.Set;

import io.weir.message.Message;

/** Tells messages by the name of their type. Safe to use from any thread. */
public final class MessageTypeFilter {

	/** How a message fits. */
	public enum Fit {

		/** Not at all: it is of another type. */
		NONE,

		/** It does not say its type, or any type is welcome. */
		ANY,

		/** It says that it is of this type. */
		NAMED;

		/**
		 * How a message fits that has to fit both.
		 * @param other the other
		 * @return the lesser
		 */
		public Fit and(Fit other) {
			Objects.requireNonNull(other, "other");
			return (compareTo(other) < 0) ? this : other;
		}

	}

	/** Lets all messages through. */
	public static final MessageTypeFilter ALL = new MessageTypeFilter(Set.of(), Set.of(), true);

	private final Set<String> accepted;

	private final Set<String> refused;

	private final boolean any;

	/**
	 * Creates the filter.
	 * @param accepted names that fit
	 * @param refused names that are known, and do not fit
	 * @param any whether names that are not known fit
	 */
	MessageTypeFilter(Set<String> accepted, Set<String> refused, boolean any) {
		this.accepted = accepted;
		this.refused = refused;
		this.any = any;
	}

	/**
	 * How a message fits.
	 * @param message the message
	 * @return how
	 */
	public Fit fit(Message<?> message) {
		Objects.requireNonNull(message, "message");
		String name = message.headers().get(WeirHeaders.TYPE);
		if (name == null) {
			return Fit.ANY;
		}
		if (this.accepted.contains(name)) {
			return Fit.NAMED;
		}
		return (this.any && !this.refused.contains(name)) ? Fit.ANY : Fit.NONE;
	}

	/** The names that fit, for people. */
	@Override
	public String toString() {
		return this.accepted.isEmpty() ? "any" : String.join(", ", this.accepted);
	}

}
