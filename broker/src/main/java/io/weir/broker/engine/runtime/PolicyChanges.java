package io.weir.broker.engine.runtime;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Policies;
import io.weir.message.Topic;

/**
 * Reads what counts for a topic whenever that has changed. One read of a topic follows
 * the other, so that none that began earlier has the last word. Safe to use from any
 * thread.
 */
final class PolicyChanges {

	private static final Logger logger = LoggerFactory.getLogger(PolicyChanges.class);

	/** Topics that are being read, and whether something has changed since that began. */
	private final Map<Topic, Boolean> reading = new ConcurrentHashMap<>();

	private final Function<Topic, CompletionStage<Policies>> read;

	private final BiConsumer<Topic, Policies> found;

	/**
	 * Creates it.
	 * @param read reads what counts for a topic now
	 * @param found told what that is, in order
	 */
	PolicyChanges(Function<Topic, CompletionStage<Policies>> read, BiConsumer<Topic, Policies> found) {
		this.read = read;
		this.found = found;
	}

	void changed(Topic topic) {
		if (!this.reading.merge(topic, false, (present, changed) -> true)) {
			read(topic);
		}
	}

	private void read(Topic topic) {
		this.read.apply(topic).thenAccept((policies) -> this.found.accept(topic, policies)).exceptionally((failure) -> {
			logger.error("Topic {} goes on with the policies that it had", topic, failure);
			return null;
		}).thenRun(() -> {
			if (this.reading.computeIfPresent(topic, (key, changed) -> changed ? false : null) != null) {
				read(topic);
			}
		});
	}

}
