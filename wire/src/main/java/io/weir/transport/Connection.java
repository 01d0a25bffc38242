package io.weir.transport;

import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.ProtocolException;
import io.weir.wire.ResetToken;

/**
 * A connection, on one event loop for its life. Safe to use from any thread.
 */
public interface Connection {

	/**
	 * Opens a bidirectional stream.
	 * @param handler what receives its frames
	 * @return the stream, or exceptionally a {@link ProtocolException}
	 */
	CompletionStage<FrameStream> openStream(StreamHandler handler);

	/**
	 * The peer has said what it knows: from now on frames may be written to it that need
	 * that. At first it is taken to know no feature.
	 * @param features what it has named
	 */
	void peerKnows(Set<Feature> features);

	/**
	 * Sets the longest frame that the peer takes, in bytes after its length: from now on
	 * longer ones are sent in fragments. At first it is the default, which everybody
	 * takes.
	 * @param maxFrameSize what the peer said
	 */
	void limitFrames(int maxFrameSize);

	/**
	 * The peer has said who it is: from now on it may take as much as a client may, and
	 * as long as it likes. On the connection's event loop.
	 */
	void admit();

	/**
	 * Counts what waits to be sent and is on no stream yet, with what waits on streams.
	 * On the connection's event loop.
	 * @param bytes how much more, or less, than before
	 */
	void waits(long bytes);

	/**
	 * Whether the connection is up, as far as is known. Costs nothing.
	 * @return whether it is open
	 */
	boolean isOpen();

	/**
	 * Completes, never exceptionally, when the connection has ended.
	 * @return why it ended: {@link ErrorCode#NONE} if in order
	 */
	CompletionStage<ProtocolException> closed();

	/**
	 * Closes the connection with all its streams. Harmless when closed.
	 * @param code why
	 * @param reason why, human-readable; the peer is told
	 * @return completes when it is closed
	 */
	CompletionStage<Void> close(ErrorCode code, String reason);

	/**
	 * The peer's address as of now; it may change (connection migration).
	 * @return the address
	 */
	SocketAddress remoteAddress();

	/**
	 * What ends a stateless reset of this connection (RFC 9000 §10.3), by which a later
	 * server at the address tells that it does not know the connection. For the client to
	 * know.
	 * @return the token; {@code null} if this is no server, or it sends no resets
	 */
	default @Nullable ResetToken resetToken() {
		return null;
	}

	/**
	 * From now on such a reset ends the connection at once.
	 * @param token what the server said
	 */
	default void expectReset(ResetToken token) {
	}

	/**
	 * From now on notices within a few round trips when the peer does not answer.
	 * @param control the control stream
	 * @param listener who is told
	 */
	default void onSilence(RequestStream control, SilenceListener listener) {
	}

	/**
	 * The connection's event loop.
	 * @return runs tasks on it, in order
	 */
	Executor executor();

}
