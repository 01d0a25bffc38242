package io.weir.spring.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.BatchListenerFailedException;

/**
 * What a failure means for each message of a delivery.
 *
 * @param done were handled
 * @param failed were not, and the error handler decides about them
 * @param untouched have not been looked at and are handed over again
 */
record BatchFailure(List<Message<byte[]>> done, List<Failed> failed, List<Message<byte[]>> untouched) {

	/**
	 * Messages that failed for one reason.
	 *
	 * @param messages one or more
	 * @param failure the reason
	 */
	record Failed(List<Message<byte[]>> messages, Throwable failure) {
	}

	static BatchFailure of(List<Message<byte[]>> messages, Throwable failure, boolean batch) {
		if (failure instanceof UndecodableException undecodable) {
			return of(messages, undecodable.failures());
		}
		if (!batch || !(failure instanceof BatchListenerFailedException named)) {
			return all(messages, failure);
		}
		int index = (named.messageId() != null) ? indexOf(named, messages) : named.index();
		if (index < 0 || index >= messages.size()) {
			return all(messages,
					new IllegalStateException("The listener says that it failed on a message that is"
							+ " not among the " + messages.size() + " that it was given: " + named.getMessage(),
							named));
		}
		return new BatchFailure(messages.subList(0, index),
				List.of(new Failed(List.of(messages.get(index)), reason(named))),
				messages.subList(index + 1, messages.size()));
	}

	private static BatchFailure of(List<Message<byte[]>> messages, Map<MessageId, Throwable> undecodable) {
		List<Failed> failed = new ArrayList<>();
		List<Message<byte[]>> untouched = new ArrayList<>();
		for (Message<byte[]> message : messages) {
			Throwable failure = undecodable.get(message.id());
			if (failure != null) {
				failed.add(new Failed(List.of(message), failure));
			}
			else {
				untouched.add(message);
			}
		}
		return new BatchFailure(List.of(), failed, untouched);
	}

	private static BatchFailure all(List<Message<byte[]>> messages, Throwable failure) {
		return new BatchFailure(List.of(), List.of(new Failed(messages, failure)), List.of());
	}

	private static int indexOf(BatchListenerFailedException named, List<Message<byte[]>> messages) {
		return messages.stream().map(Message::id).toList().indexOf(named.messageId());
	}

	private static Throwable reason(BatchListenerFailedException named) {
		Throwable cause = named.getCause();
		return (cause != null) ? cause : named;
	}

}
