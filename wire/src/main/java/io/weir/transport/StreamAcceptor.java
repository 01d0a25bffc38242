package io.weir.transport;

/**
 * Decides who handles a stream that the peer opened. Called on the connection's event
 * loop.
 */
@FunctionalInterface
public interface StreamAcceptor {

	/**
	 * Called once for each stream, before its first frame.
	 * @param stream the new stream
	 * @return what receives its frames
	 */
	StreamHandler accept(FrameStream stream);

}
