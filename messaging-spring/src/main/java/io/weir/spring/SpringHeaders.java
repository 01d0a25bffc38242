package io.weir.spring;

import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.BeanUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.util.MimeType;

import io.weir.client.MessageBuilder;

/** Makes headers of Spring's into those of a message. */
final class SpringHeaders {

	private static final Logger logger = LoggerFactory.getLogger(SpringHeaders.class);

	private static final String OURS = "weir_";

	/** What a message is sent with, of the names in {@link WeirHeaders}. */
	private static final Set<String> SENT = Set.of(WeirHeaders.TYPE, WeirHeaders.REPLY_TOPIC,
			WeirHeaders.CORRELATION_ID);

	private SpringHeaders() {
	}

	/** Where a message says that it goes, or {@code null} if it does not say. */
	static @Nullable String topic(Message<?> message) {
		Object topic = message.getHeaders().get(WeirHeaders.TOPIC);
		return (topic != null) ? topic.toString() : null;
	}

	/**
	 * Adds the headers of a message. Its key and event time become those of the message;
	 * what else is known of a message that was received is not sent again, nor what
	 * Spring gives each message, nor what is no text, number or time.
	 */
	static void addTo(MessageBuilder<?> message, MessageHeaders headers) {
		for (Map.Entry<String, Object> header : headers.entrySet()) {
			add(message, header.getKey(), header.getValue());
		}
	}

	private static void add(MessageBuilder<?> message, String name, @Nullable Object value) {
		if (value == null) {
			return;
		}
		if (name.equals(WeirHeaders.KEY)) {
			message.key(value.toString());
		}
		else if (name.equals(WeirHeaders.EVENT_TIME)) {
			message.eventTime(time(value));
		}
		else if (name.startsWith(OURS) ? SENT.contains(name) : !isSprings(name, value)) {
			if (BeanUtils.isSimpleValueType(value.getClass()) || value instanceof MimeType) {
				message.header(name, value.toString());
			}
			else {
				logger.debug("Header '{}' is not sent: a {} is no text", name, value.getClass().getName());
			}
		}
	}

	/** What Spring has made; an application's header may have the same name. */
	private static boolean isSprings(String name, Object value) {
		return (name.equals(MessageHeaders.ID) && value instanceof UUID)
				|| (name.equals(MessageHeaders.TIMESTAMP) && value instanceof Long);
	}

	private static Instant time(Object value) {
		if (value instanceof Instant time) {
			return time;
		}
		if (value instanceof Date time) {
			return time.toInstant();
		}
		if (value instanceof Long time) {
			return Instant.ofEpochMilli(time);
		}
		throw new IllegalArgumentException("Header " + WeirHeaders.EVENT_TIME + " is a " + value.getClass().getName()
				+ "; it must be an Instant, a Date, or a Long, in milliseconds");
	}

}
