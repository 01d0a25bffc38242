package io.weir.spring.listener;

import java.util.function.Consumer;

import io.weir.message.Message;
import io.weir.spring.MessageTypeFilter.Fit;

/** A listener that messages may be for. One object for each. */
final class ListenerTarget {

	private final ContainerSettings settings;

	private final ListenerCounts counts;

	private final Consumer<Throwable> stop;

	/**
	 * Creates it.
	 * @param stop stops the listener, without waiting, because of a failure
	 */
	ListenerTarget(ContainerSettings settings, ListenerCounts counts, Consumer<Throwable> stop) {
		this.settings = settings;
		this.counts = counts;
		this.stop = stop;
	}

	ContainerSettings settings() {
		return this.settings;
	}

	ListenerCounts counts() {
		return this.counts;
	}

	/** Stops the listener, without waiting. */
	void stop(Throwable failure) {
		this.stop.accept(failure);
	}

	Fit fit(Message<byte[]> message) {
		return this.settings.listener().fit(message);
	}

}
