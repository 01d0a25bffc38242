package io.weir.message;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Where a message in a dead-letter topic came from. It travels in the headers of the
 * copy, so that every consumer of the dead-letter topic can read it.
 *
 * @param topic the topic that the message was published to
 * @param subscription the subscription on which it could not be processed
 * @param messageId its id in that topic
 * @param redeliveryCount how often it had been delivered again when it was given up
 * @param error what was said of it last, for people; perhaps nothing
 */
public record DeadLetterOrigin(String topic, String subscription, MessageId messageId, int redeliveryCount,
		String error) {

	/** The header with the topic. */
	public static final String TOPIC_HEADER = "weir_origin_topic";

	/** The header with the subscription. */
	public static final String SUBSCRIPTION_HEADER = "weir_origin_subscription";

	/** The header with the id, as {@link MessageId#toString()} writes it. */
	public static final String MESSAGE_ID_HEADER = "weir_origin_message_id";

	/** The header with the redelivery count. */
	public static final String REDELIVERY_COUNT_HEADER = "weir_origin_redelivery_count";

	/** The header with what was said of the message last, which may be nothing. */
	public static final String ERROR_HEADER = "weir_origin_error";

	/**
	 * The header of a message that was replayed from a dead-letter topic, which says how
	 * often. The others stay, and tell where it first came from. It is left out where a
	 * message has as many headers as it may; the broker counts all the same.
	 */
	public static final String REPLAYS_HEADER = "weir_replays";

	/**
	 * The header of a dead letter that had been replayed, which says on which
	 * subscription it died last.
	 */
	public static final String LAST_SUBSCRIPTION_HEADER = "weir_last_subscription";

	/**
	 * The header of the copy of a message that came damaged, which says of which batch.
	 * What the message was is not known: the copy of the batch's first message has the
	 * bytes of the whole batch as its payload, the others have none.
	 */
	public static final String DAMAGED_HEADER = "weir_damaged_batch";

	/**
	 * Reads the origin from the headers of a message.
	 * @param headers the headers
	 * @return the origin, or {@code null} if the headers do not tell of one
	 */
	public static @Nullable DeadLetterOrigin of(Headers headers) {
		String topic = headers.get(TOPIC_HEADER);
		String subscription = headers.get(SUBSCRIPTION_HEADER);
		String messageId = headers.get(MESSAGE_ID_HEADER);
		String redeliveryCount = headers.get(REDELIVERY_COUNT_HEADER);
		if (topic == null || subscription == null || messageId == null || redeliveryCount == null) {
			return null;
		}
		try {
			return new DeadLetterOrigin(topic, subscription, MessageId.parse(messageId),
					Integer.parseInt(redeliveryCount), Objects.requireNonNullElse(headers.get(ERROR_HEADER), ""));
		}
		catch (IllegalArgumentException ex) {
			// An application may use these names for something else.
			return null;
		}
	}

	/**
	 * Headers that tell of this origin.
	 * @param headers the headers of the message
	 * @return these, and those of the origin; those of an earlier one are replaced
	 */
	public Headers addTo(Headers headers) {
		return headers.with(TOPIC_HEADER, this.topic)
			.with(SUBSCRIPTION_HEADER, this.subscription)
			.with(MESSAGE_ID_HEADER, this.messageId.toString())
			.with(REDELIVERY_COUNT_HEADER, Integer.toString(this.redeliveryCount))
			.with(ERROR_HEADER, this.error);
	}

}
