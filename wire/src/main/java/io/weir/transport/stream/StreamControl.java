package io.weir.transport.stream;

import io.weir.wire.ErrorCode;

/**
 * What a carrier can do with one of its streams beyond what any Netty channel can. On the
 * connection's event loop, where not said otherwise.
 */
public interface StreamControl {

	/**
	 * The stream's number in its connection; on any thread.
	 * @return the id
	 */
	long id();

	/** From now on what is written here goes before other streams; on any thread. */
	void prioritise();

	/** Tells the peer that nothing more will come, and goes on reading. */
	void shutdownOutput();

	/**
	 * Tells the peer that nothing will come or be read any more. The channel is closed
	 * afterwards.
	 * @param code why
	 */
	void reset(ErrorCode code);

}
