package io.weir.spring.listener;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.support.GenericMessage;

import io.weir.message.Message;
import io.weir.spring.Acknowledgement;

/** What one call of a listener method is made from. Used by one thread. */
final class Incoming {

	private final List<Message<byte[]>> messages;

	private final Acknowledgement acknowledgement;

	private org.springframework.messaging.@Nullable Message<?> headers;

	Incoming(List<Message<byte[]>> messages, Acknowledgement acknowledgement) {
		this.messages = messages;
		this.acknowledgement = acknowledgement;
	}

	/** One, or all of a batch. */
	List<Message<byte[]>> messages() {
		return this.messages;
	}

	Acknowledgement acknowledgement() {
		return this.acknowledgement;
	}

	/** For Spring's resolvers, made only if the method asks for headers. */
	org.springframework.messaging.Message<?> headers() {
		org.springframework.messaging.Message<?> made = this.headers;
		if (made == null) {
			made = new GenericMessage<>(this.messages, new IncomingHeaders(this.messages, this.acknowledgement));
			this.headers = made;
		}
		return made;
	}

}
