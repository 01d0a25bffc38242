package io.weir.spring.listener;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;

import io.weir.message.Message;
import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirHeaders;

/** The headers of what a listener method is given, as Spring's. */
final class IncomingHeaders extends MessageHeaders {

	IncomingHeaders(List<Message<byte[]>> messages, Acknowledgement acknowledgement) {
		super(null, ID_VALUE_NONE, -1L);
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		if (messages.size() == 1) {
			addTo(headers, messages.get(0));
		}
		headers.put(WeirHeaders.TOPIC, messages.get(0).topic());
		headers.put(WeirHeaders.ACKNOWLEDGEMENT, acknowledgement);
		headers.forEach((name, value) -> {
			if (value != null) {
				// Not through the constructor, which drops "id" and "timestamp".
				getRawHeaders().put(name, value);
			}
		});
	}

	private static void addTo(Map<String, @Nullable Object> headers, Message<byte[]> message) {
		headers.putAll(message.headers().asMap());
		headers.put(WeirHeaders.KEY, message.key());
		headers.put(WeirHeaders.PARTITION, message.partition());
		headers.put(WeirHeaders.MESSAGE_ID, message.id());
		headers.put(WeirHeaders.PUBLISH_TIME, message.publishTime());
		headers.put(WeirHeaders.EVENT_TIME, message.eventTime());
		headers.put(WeirHeaders.PRODUCER_NAME, message.producerName());
		headers.put(WeirHeaders.SEQUENCE_ID, message.sequenceId());
		headers.put(WeirHeaders.REDELIVERY_COUNT, message.redeliveryCount());
	}

}
