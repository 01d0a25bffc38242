package io.weir.spring.observation;

import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

import io.weir.client.MessageBuilder;
import io.weir.message.MessageId;

/** A message being sent; trace propagation adds headers to it. */
public final class WeirSendContext extends SenderContext<MessageBuilder<?>> {

	private final String topic;

	private @Nullable MessageId messageId;

	WeirSendContext(String topic, MessageBuilder<?> message) {
		super((carrier, name, value) -> {
			if (carrier != null) {
				carrier.header(name, value);
			}
		});
		this.topic = topic;
		setCarrier(message);
		setRemoteServiceName("weir");
	}

	/**
	 * Where the message goes.
	 * @return the topic
	 */
	public String getTopic() {
		return this.topic;
	}

	/**
	 * The message's id.
	 * @return the id, or {@code null} until the broker has stored the message
	 */
	public @Nullable MessageId getMessageId() {
		return this.messageId;
	}

	void stored(MessageId id) {
		this.messageId = id;
	}

}
