package io.weir.spring.listener;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.weir.message.Message;
import io.weir.spring.Acknowledgement;

/** Decides about the messages of one delivery, the first time that it is told to. */
final class OnceAcknowledgement implements Acknowledgement {

	private final MessageSource source;

	private final List<Message<byte[]>> messages;

	private final Undecided undecided;

	private final AtomicBoolean decided = new AtomicBoolean();

	OnceAcknowledgement(MessageSource source, List<Message<byte[]>> messages, Undecided undecided) {
		this.source = source;
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
			this.messages.forEach(this.source::acknowledge);
		}
	}

	@Override
	public void negativeAcknowledge() {
		if (claim()) {
			this.messages.forEach(this.source::negativeAcknowledge);
		}
	}

}
