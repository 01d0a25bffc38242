package io.weir.broker.engine.context;

import io.weir.broker.engine.Policies;

/** What becomes of a topic's messages, as it counts now; ask each time. */
public final class TopicRules {

	private Policies present = Policies.none();

	public TopicRules() {
	}

	/** What counts now. */
	public Policies present() {
		return this.present;
	}

	/** An administrator says something else, or the topic has been opened. */
	public void set(Policies policies) {
		this.present = policies;
	}

}
