package io.weir.spring.listener;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.support.GenericMessage;

import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.Acknowledgement;

/** What one call of a listener method is made from. Used by one thread. */
final class Incoming {

	private final List<Message<byte[]>> messages;

	private final Acknowledgement acknowledgement;

	private final boolean batch;

	private final Map<MessageId, Throwable> undecodable = new LinkedHashMap<>();

	private org.springframework.messaging.@Nullable Message<?> headers;

	Incoming(List<Message<byte[]>> messages, Acknowledgement acknowledgement, boolean batch) {
		this.messages = messages;
		this.acknowledgement = acknowledgement;
		this.batch = batch;
	}

	/** One, or all of a batch. */
	List<Message<byte[]>> messages() {
		return this.messages;
	}

	/** A value of each message; one that cannot be made is remembered as a failure. */
	List<@Nullable Object> each(Decoder decoder) {
		List<@Nullable Object> values = new ArrayList<>(this.messages.size());
		for (Message<byte[]> message : this.messages) {
			try {
				values.add(decoder.decode(message));
			}
			catch (Throwable ex) {
				FatalErrors.throwIfFatal(ex);
				this.undecodable.put(message.id(), ex);
			}
		}
		return values;
	}

	/** Or a method would be given lists of different lengths. */
	void requireDecodable() {
		if (!this.undecodable.isEmpty()) {
			throw new UndecodableException(this.undecodable);
		}
	}

	Acknowledgement acknowledgement() {
		return this.acknowledgement;
	}

	/** For Spring's resolvers, made only if the method asks for headers. */
	org.springframework.messaging.Message<?> headers() {
		org.springframework.messaging.Message<?> made = this.headers;
		if (made == null) {
			Message<byte[]> first = this.messages.get(0);
			made = new GenericMessage<>(this.messages,
					this.batch ? IncomingHeaders.ofBatch(first.topic(), this.acknowledgement)
							: IncomingHeaders.of(first, this.acknowledgement));
			this.headers = made;
		}
		return made;
	}

	/** Makes a value of one message. */
	@FunctionalInterface
	interface Decoder {

		@Nullable Object decode(Message<byte[]> message) throws Exception;

	}

}
