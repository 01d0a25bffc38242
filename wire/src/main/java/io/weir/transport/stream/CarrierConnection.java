package io.weir.transport.stream;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.transport.Connection;
import io.weir.wire.Feature;
import io.weir.wire.ProtocolException;

/** A connection as its streams see it. On its event loop, where not said otherwise. */
public interface CarrierConnection extends Connection {

	/**
	 * The streams of the connection, and what they share; on any thread.
	 * @return always the same
	 */
	ConnectionStreams streams();

	/**
	 * Why a stream ended that did not say why itself; on any thread.
	 * @return the reason; {@code null} while the connection is up
	 */
	@Nullable ProtocolException reason();

	@Override
	default void peerKnows(Set<Feature> features) {
		streams().peerKnows(features);
	}

	@Override
	default void limitFrames(int maxFrameSize) {
		streams().limitFrames(maxFrameSize);
	}

	@Override
	default void waits(long bytes) {
		streams().waits(bytes);
	}

	/** A request was sent that the peer has to answer; on any thread. */
	default void asked() {
	}

	/**
	 * Says what a failure of a stream's channel means.
	 * @param failure the carrier's own exception
	 * @return the same with a code
	 */
	default ProtocolException explain(Throwable failure) {
		return StreamFailures.of(failure);
	}

}
