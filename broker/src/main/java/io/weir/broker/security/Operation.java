package io.weir.broker.security;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;

/**
 * What a client wants to do, for which it needs a permission.
 *
 * @param action what
 * @param topic on which topic
 * @param subscription with which subscription of it, if the action is on one
 */
public record Operation(Action action, Topic topic, @Nullable String subscription) {

	/** Kinds of operations. More may be added; what is not known is best denied. */
	public enum Action {

		/** Publish to the topic, which is created if it is missing. */
		PRODUCE,

		/**
		 * Receive and acknowledge what the subscription has, move it, and delete it; it
		 * is created if it is missing, and so is the topic.
		 */
		CONSUME

	}

	/** Refuses {@code null}. */
	public Operation {
		Objects.requireNonNull(action, "action");
		Objects.requireNonNull(topic, "topic");
	}

	/** As it stands in error messages, after "may not". */
	@Override
	public String toString() {
		return switch (this.action) {
			case PRODUCE -> "publish to topic '" + this.topic + "'";
			case CONSUME -> "consume topic '" + this.topic + "' with subscription '" + this.subscription + "'";
		};
	}

}
