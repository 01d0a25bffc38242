package io.weir.broker.session;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.ForwardNames;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.ProtocolLimitException;
import io.weir.wire.RedeliveryPolicy;

/** Checks names, and what else requests say of themselves. */
final class Names {

	private static final int MAX_SUBSCRIPTION_CHARS = 255;

	/**
	 * No broker ever gave a later epoch; one from near the end of the range would leave
	 * its producer's name without a next one.
	 */
	private static final long MAX_EPOCH = 1L << 48;

	private Names() {
	}

	/**
	 * Checks the name of a topic, or of a partition.
	 * @throws ProtocolException if it is none
	 */
	static Topic topic(String name) {
		return topic(name, Topic::new);
	}

	private static Topic whole(String name) {
		return topic(name, Topic::named);
	}

	private static Topic topic(String name, Function<String, Topic> check) {
		try {
			return check.apply(name);
		}
		catch (IllegalArgumentException ex) {
			String message = String.valueOf(ex.getMessage());
			throw (name.length() > Topic.MAX_LENGTH) ? new ProtocolLimitException(ErrorCode.INVALID_REQUEST, message)
					: invalid(message);
		}
	}

	/**
	 * Checks a producer's name.
	 * @throws ProtocolException if it is none
	 */
	static String producer(String name) {
		return own("Producer name", name);
	}

	private static String own(String what, String name) {
		if (ForwardNames.isReserved(name)) {
			throw invalid(what + " '" + name + "' is not allowed: the names that begin so are the broker's own");
		}
		return printable(what, name);
	}

	/**
	 * Checks the epoch that a producer says it has.
	 * @throws ProtocolException if no broker can have given it
	 */
	static void checkEpoch(long epoch) {
		if (epoch > MAX_EPOCH) {
			throw invalid("A producer's epoch is at most " + MAX_EPOCH + "; this one is " + epoch);
		}
	}

	/**
	 * Checks a subscription's name.
	 * @throws ProtocolException if it is none
	 */
	static String subscription(String name) {
		own("Subscription name", name);
		if (name.length() > MAX_SUBSCRIPTION_CHARS) {
			throw new ProtocolLimitException(ErrorCode.INVALID_REQUEST, "A subscription name has at most "
					+ MAX_SUBSCRIPTION_CHARS + " characters; this one has " + name.length());
		}
		return name;
	}

	private static String printable(String what, String name) {
		if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
			throw invalid(what + " '" + name + "' is not allowed: it must not be blank or have control characters");
		}
		return name;
	}

	private static ProtocolException invalid(String message) {
		return new ProtocolException(ErrorCode.INVALID_REQUEST, message);
	}

	/**
	 * Checks what a consumer states: dead letters that came back to their topic would
	 * come for ever, and a partition is nobody's to choose.
	 */
	static @Nullable RedeliveryPolicy redelivery(Topic topic, Frame.Subscribe subscribe) {
		RedeliveryPolicy policy = subscribe.redelivery();
		String deadLetters = (policy != null) ? policy.deadLetterTopic() : null;
		if (deadLetters != null && whole(deadLetters).equals(topic.whole())) {
			throw invalid("The dead-letter topic must not be the topic that is consumed, '" + topic + "'");
		}
		return policy;
	}

}
