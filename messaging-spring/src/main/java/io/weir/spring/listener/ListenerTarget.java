package io.weir.spring.listener;

import io.weir.message.Message;
import io.weir.spring.MessageTypeFilter.Fit;

/** A listener that messages may be for. One object for each. */
final class ListenerTarget {

	private final ContainerSettings settings;

	private final ListenerCounts counts;

	ListenerTarget(ContainerSettings settings, ListenerCounts counts) {
		this.settings = settings;
		this.counts = counts;
	}

	ContainerSettings settings() {
		return this.settings;
	}

	ListenerCounts counts() {
		return this.counts;
	}

	Fit fit(Message<byte[]> message) {
		return this.settings.listener().fit(message);
	}

}
