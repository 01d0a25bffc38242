package io.weir.broker.deadletter;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;

/**
 * How far it is that dead letters of a topic are published to where they came from again.
 *
 * @param topic the dead-letter topic
 * @param message the one message that is meant, or {@code null} if several are
 * @param filter which are meant, of those that were there when it was asked for
 * @param again whether also those that were replayed before
 * @param state whether it goes on
 * @param startedAt when it was asked for
 * @param replayed how many were published; of those on the way when a broker died, some
 * may be missing here
 * @param failed how many could not be; they are dead letters as before
 * @param failures what was wrong with the first of those, with their ids; up to
 * {@value #MAX_FAILURES}
 * @param waitingFor why it cannot go on now and is tried again, or {@code null}
 */
public record Replay(String topic, @Nullable MessageId message, DeadLetterFilter filter, boolean again, State state,
		Instant startedAt, long replayed, long failed, List<String> failures, @Nullable String waitingFor) {

	/** So many failures are kept. */
	public static final int MAX_FAILURES = 10;

	public Replay {
		failures = List.copyOf(failures);
	}

	/** Whether a replay goes on. */
	public enum State {

		/** It goes on, also after the broker was restarted. */
		RUNNING,
		/** All that were meant were replayed, or failed. */
		DONE,
		/** It was stopped; what was not replayed yet is not. */
		STOPPED

	}

}
