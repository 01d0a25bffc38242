package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Peer;
import io.weir.message.MessageId;

/** A consumer, and what it holds. */
final class SimulatedConsumer {

	final Peer peer;

	final List<MessageId> holding = new ArrayList<>();

	long permits;

	int unwritten;

	int quiet;

	/** The last that it was given, where they come in order. */
	@Nullable MessageId last;

	SimulatedConsumer(Peer peer) {
		this.peer = peer;
	}

	/** Some of what it holds, which must be something. */
	List<MessageId> pickSome(Random random) {
		int count = 1 + random.nextInt(Math.min(6, this.holding.size()));
		int from = random.nextInt(this.holding.size() - count + 1);
		return List.copyOf(this.holding.subList(from, from + count));
	}

}
