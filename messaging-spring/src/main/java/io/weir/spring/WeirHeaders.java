package io.weir.spring;

import io.weir.message.DeadLetterCause;
import io.weir.message.DeadLetterOrigin;

/**
 * The names under which a listener finds what Weir knows about a message, for Spring's
 * {@code @Header}. Headers that the producer set are there under their own names.
 */
public final class WeirHeaders {

	/** The key, a {@code String}; absent without one. */
	public static final String KEY = "weir_key";

	/**
	 * The name of the payload's type, a {@code String}, as {@link MessageTypes} says;
	 * absent if it has none. A header of the message: producers of this application set
	 * it, unless it was set before.
	 */
	public static final String TYPE = "weir_type";

	/**
	 * The id of the schema that the payload was written by, a {@code String}, as
	 * {@link IdentifiedSchema} says; absent for JSON, text and bytes. A header of the
	 * message: producers of this application set it.
	 */
	public static final String SCHEMA = "weir_schema";

	/** The topic, a {@code String}. */
	public static final String TOPIC = "weir_topic";

	/** The number of the topic's partition, an {@code Integer}; 0 without partitions. */
	public static final String PARTITION = "weir_partition";

	/** The {@link io.weir.message.MessageId}. */
	public static final String MESSAGE_ID = "weir_message_id";

	/** When the broker stored the message, an {@code Instant}. */
	public static final String PUBLISH_TIME = "weir_publish_time";

	/** When it happened, an {@code Instant}; absent if the producer did not say. */
	public static final String EVENT_TIME = "weir_event_time";

	/** Who published the message, a {@code String}. */
	public static final String PRODUCER_NAME = "weir_producer_name";

	/** The producer's number for the message, a {@code Long}. */
	public static final String SEQUENCE_ID = "weir_sequence_id";

	/** How often the message has been delivered before, an {@code Integer}. */
	public static final String REDELIVERY_COUNT = "weir_redelivery_count";

	/** The topic that a dead letter comes from, a {@code String}; absent on others. */
	public static final String ORIGIN_TOPIC = DeadLetterOrigin.TOPIC_HEADER;

	/** The subscription that gave a dead letter up, a {@code String}. */
	public static final String ORIGIN_SUBSCRIPTION = DeadLetterOrigin.SUBSCRIPTION_HEADER;

	/** The id that a dead letter had in its topic, a {@code String}. */
	public static final String ORIGIN_MESSAGE_ID = DeadLetterOrigin.MESSAGE_ID_HEADER;

	/** How often a dead letter had been delivered again, a {@code String}. */
	public static final String ORIGIN_REDELIVERY_COUNT = DeadLetterOrigin.REDELIVERY_COUNT_HEADER;

	/** What was said of a dead letter last, a {@code String}, perhaps empty. */
	public static final String ORIGIN_ERROR = DeadLetterOrigin.ERROR_HEADER;

	/**
	 * The class of the exception that a dead letter died of, a {@code String}; absent if
	 * that was not told.
	 */
	public static final String ORIGIN_EXCEPTION = DeadLetterCause.EXCEPTION_HEADER;

	/** What that exception says, a {@code String}, perhaps empty. */
	public static final String ORIGIN_EXCEPTION_MESSAGE = DeadLetterCause.MESSAGE_HEADER;

	/** The beginning of that exception's stack trace, a {@code String}. */
	public static final String ORIGIN_STACK_TRACE = DeadLetterCause.STACK_TRACE_HEADER;

	/**
	 * How often a message was replayed from a dead-letter topic, a {@code String}; absent
	 * if it was not.
	 */
	public static final String REPLAYS = DeadLetterOrigin.REPLAYS_HEADER;

	/**
	 * The subscription on which a dead letter that had been replayed died last, a
	 * {@code String}; absent on others.
	 */
	public static final String LAST_SUBSCRIPTION = DeadLetterOrigin.LAST_SUBSCRIPTION_HEADER;

	/**
	 * Of which damaged batch a dead letter is, a {@code String}; absent on others. The
	 * first one of the batch has all its bytes as payload, the others have none.
	 */
	public static final String DAMAGED_BATCH = DeadLetterOrigin.DAMAGED_HEADER;

	/**
	 * Where who sent a message wants replies, the name of a topic; absent if nowhere. A
	 * listener publishes there what it returns, unless it has {@code @SendTo}.
	 */
	public static final String REPLY_TOPIC = "weir_reply_topic";

	/** What a message is a reply to, a {@code String} that replies carry as it came. */
	public static final String CORRELATION_ID = "weir_correlation_id";

	/** The {@link Acknowledgement}. */
	public static final String ACKNOWLEDGEMENT = "weir_acknowledgement";

	private WeirHeaders() {
	}

}
