package io.weir.spring.listener;

import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;

import io.weir.message.Message;
import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirHeaders;

/**
 * The headers of a message that was received, as Spring's: those of {@link WeirHeaders},
 * and those that the producer set. They have neither id nor timestamp of Spring's.
 */
public final class IncomingHeaders extends MessageHeaders {

	private IncomingHeaders(String topic, Acknowledgement acknowledgement) {
		super(null, ID_VALUE_NONE, -1L);
		add(WeirHeaders.TOPIC, topic);
		add(WeirHeaders.ACKNOWLEDGEMENT, acknowledgement);
	}

	/** What is the same for all messages of a batch, also if that has one only. */
	static IncomingHeaders ofBatch(String topic, Acknowledgement acknowledgement) {
		return new IncomingHeaders(topic, acknowledgement);
	}

	/**
	 * Makes the headers of one message.
	 * @param message what was received
	 * @param acknowledgement what the listener was given with it
	 * @return the headers
	 */
	public static IncomingHeaders of(Message<?> message, Acknowledgement acknowledgement) {
		Objects.requireNonNull(message, "message");
		Objects.requireNonNull(acknowledgement, "acknowledgement");
		IncomingHeaders headers = new IncomingHeaders(message.topic(), acknowledgement);
		message.headers().asMap().forEach(headers::addUnlessThere);
		headers.add(WeirHeaders.KEY, message.key());
		headers.add(WeirHeaders.PARTITION, message.partition());
		headers.add(WeirHeaders.MESSAGE_ID, message.id());
		headers.add(WeirHeaders.PUBLISH_TIME, message.publishTime());
		headers.add(WeirHeaders.EVENT_TIME, message.eventTime());
		headers.add(WeirHeaders.PRODUCER_NAME, message.producerName());
		headers.add(WeirHeaders.SEQUENCE_ID, message.sequenceId());
		headers.add(WeirHeaders.REDELIVERY_COUNT, message.redeliveryCount());
		return headers;
	}

	/** Not through the constructor, which drops "id" and "timestamp". */
	private void add(String name, @Nullable Object value) {
		Map<String, Object> raw = getRawHeaders();
		if (value != null) {
			raw.put(name, value);
		}
		else {
			raw.remove(name);
		}
	}

	private void addUnlessThere(String name, Object value) {
		getRawHeaders().putIfAbsent(name, value);
	}

}
