package io.weir.spring.listener;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.weir.client.Consumer;
import io.weir.message.Message;
import io.weir.spring.Acknowledgement;

/** Decides about the messages of one delivery, the first time that it is told to. */
final class OnceAcknowledgement implements Acknowledgement {

	private final Consumer<byte[]> consumer;

	private final List<Message<byte[]>> messages;

	private final AtomicBoolean decided = new AtomicBoolean();

	OnceAcknowledgement(Consumer<byte[]> consumer, List<Message<byte[]>> messages) {
		this.consumer = consumer;
		this.messages = messages;
	}

	/** Whether the caller may decide: nobody has before. */
	boolean claim() {
		return this.decided.compareAndSet(false, true);
	}

	@Override
	public void acknowledge() {
		if (claim()) {
			this.messages.forEach(this.consumer::acknowledge);
		}
	}

	@Override
	public void negativeAcknowledge() {
		if (claim()) {
			this.messages.forEach(this.consumer::negativeAcknowledge);
		}
	}

}
