package io.weir.broker.engine.runtime;

import java.util.function.Predicate;

import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageIds;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Where a dead letter goes when it is replayed: the partition that it first came from.
 */
final class ReplayTarget {

	private ReplayTarget() {
	}

	/**
	 * Finds it.
	 * @param source the topic that the dead letter is in
	 * @param exists whether there is a topic
	 * @throws ProtocolException if the message cannot be replayed, with what is wrong
	 */
	static Topic of(Topic source, DeadLetterReader.Letter letter, Predicate<Topic> exists) {
		DeadLetterOrigin origin = letter.view().origin();
		if (letter.damaged()) {
			throw invalid("The message is damaged: what it was is not known");
		}
		if (origin == null || !origin.messageId().isKnown()) {
			throw invalid("The message does not say where it comes from, so it is no dead letter of a broker, "
					+ "or there was no room for these headers");
		}
		Topic topic = topic(origin);
		if (topic.whole().equals(source.whole())) {
			throw invalid("The message comes from this very topic, in which it is: it would only be doubled");
		}
		if (!exists.test(topic)) {
			throw new ProtocolException(ErrorCode.NOT_FOUND,
					"There is no topic '" + topic + "' any more, where the message comes from");
		}
		return topic;
	}

	private static Topic topic(DeadLetterOrigin origin) {
		try {
			return new Topic(origin.topic()).partition(MessageIds.partition(origin.messageId()));
		}
		catch (IllegalArgumentException ex) {
			throw invalid("The message does not come from a topic: " + ex.getMessage());
		}
	}

	private static ProtocolException invalid(String reason) {
		return new ProtocolException(ErrorCode.INVALID_REQUEST, reason);
	}

}
