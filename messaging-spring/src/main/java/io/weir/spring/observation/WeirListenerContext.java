package io.weir.spring.observation;

import java.util.List;

import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

import io.weir.message.Headers;
import io.weir.message.Message;

/** What a listener is given; trace propagation reads the headers of a single message. */
public final class WeirListenerContext extends ReceiverContext<Headers> {

	private final String listenerId;

	private final String topic;

	private final @Nullable String subscription;

	private final List<? extends Message<?>> messages;

	WeirListenerContext(String listenerId, String topic, @Nullable String subscription,
			List<? extends Message<?>> messages) {
		super(Headers::get);
		this.listenerId = listenerId;
		this.topic = topic;
		this.subscription = subscription;
		this.messages = List.copyOf(messages);
		// A batch has many parents, so it has none.
		setCarrier((messages.size() == 1) ? messages.get(0).headers() : Headers.empty());
		setRemoteServiceName("weir");
	}

	/**
	 * Who receives.
	 * @return the listener's id
	 */
	public String getListenerId() {
		return this.listenerId;
	}

	/**
	 * Where the messages come from.
	 * @return the topic
	 */
	public String getTopic() {
		return this.topic;
	}

	/**
	 * What remembers the acknowledgements.
	 * @return the subscription, or {@code null} if the listener reads the topic without
	 * one
	 */
	public @Nullable String getSubscription() {
		return this.subscription;
	}

	/**
	 * What is received.
	 * @return one message, or a batch
	 */
	public List<? extends Message<?>> getMessages() {
		return this.messages;
	}

}
