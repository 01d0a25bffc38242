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

	private final Undecided undecided;

	private final AtomicBoolean decided = new AtomicBoolean();

	OnceAcknowledgement(Consumer<byte[]> consumer, List<Message<byte[]>> messages, Undecided undecided) {
		this.consumer = consumer;
		this.messages = messages;
		this.undecided = undecided;
		undecided.add(messages.size());
	}

	/** Whether the caller may decide, and then has to: nobody has before. */
	boolean claim() {
		boolean first = this.decided.compareAndSet(false, true);
		if (first) {
			this.undecided.remove(this.messages.size());
		}
		return first;
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
