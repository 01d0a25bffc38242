package io.weir.broker.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Streams on which a frame was dropped that may come again, such as one for which there
 * was no memory. It may have been of any producer that was open then; what such a one
 * publishes behind it must not overtake it. On the connection's event loop.
 */
final class DroppedFrames {

	/**
	 * By stream, the producers that publish nothing there until they are opened again.
	 */
	private final Map<Long, Set<Long>> producers = new HashMap<>();

	/** A frame was dropped. */
	void dropped(long stream, Set<Long> openProducers) {
		this.producers.computeIfAbsent(stream, (id) -> new HashSet<>()).addAll(openProducers);
	}

	/**
	 * A producer is opened, perhaps again, and sends first what was dropped; or is
	 * closed.
	 */
	void forget(long producer) {
		this.producers.values().forEach((waiting) -> waiting.remove(producer));
	}

	void ended(long stream) {
		this.producers.remove(stream);
	}

	/**
	 * Checks that a batch overtakes nothing.
	 * @throws ProtocolException {@code UNKNOWN_PRODUCER} if it could
	 */
	void check(long stream, long producer) {
		if (this.producers.getOrDefault(stream, Set.of()).contains(producer)) {
			throw new ProtocolException(ErrorCode.UNKNOWN_PRODUCER,
					"What came before this on the stream was refused; open the producer again, and send that first");
		}
	}

}
