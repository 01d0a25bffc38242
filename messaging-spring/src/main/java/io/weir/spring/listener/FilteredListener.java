package io.weir.spring.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.weir.concurrent.Causes;
import io.weir.message.Message;
import io.weir.spring.Acknowledgement;
import io.weir.spring.BatchListenerFailedException;
import io.weir.spring.MessageTypeFilter;

/** Gives a listener those messages that a filter accepts. */
record FilteredListener(WeirMessageListener listener, WeirMessageFilter filter) implements WeirMessageListener {

	@Override
	public MessageTypeFilter.Fit fit(Message<byte[]> message) {
		return this.listener.fit(message);
	}

	@Override
	public boolean acknowledges() {
		return this.listener.acknowledges();
	}

	@Override
	public @Nullable CompletionStage<?> onMessages(List<Message<byte[]>> messages, Acknowledgement acknowledgement)
			throws Exception {
		List<Message<byte[]>> accepted = new ArrayList<>(messages.size());
		for (Message<byte[]> message : messages) {
			if (this.filter.accepts(message)) {
				accepted.add(message);
			}
		}
		if (accepted.isEmpty()) {
			// Also where only the listener would.
			acknowledgement.acknowledge();
			return null;
		}
		try {
			CompletionStage<?> stage = this.listener.onMessages(accepted, acknowledgement);
			return (stage == null) ? null : stage.handle((value, failure) -> {
				if (failure != null) {
					throw new CompletionException(named(Causes.unwrap(failure), accepted));
				}
				return value;
			});
		}
		catch (BatchListenerFailedException ex) {
			throw named(ex, accepted);
		}
	}

	/** The place in the list that the listener was given says nothing to others. */
	private static BatchListenerFailedException named(BatchListenerFailedException failure,
			List<Message<byte[]>> accepted) {
		int index = failure.index();
		return (index < 0 || index >= accepted.size()) ? failure : new BatchListenerFailedException(accepted.get(index),
				(failure.getCause() != null) ? failure.getCause() : failure);
	}

	private static Throwable named(Throwable failure, List<Message<byte[]>> accepted) {
		return (failure instanceof BatchListenerFailedException ofOne) ? named(ofOne, accepted) : failure;
	}

}
