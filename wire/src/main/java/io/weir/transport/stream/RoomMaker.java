package io.weir.transport.stream;

import io.weir.wire.BrokerLimit;

/** Ends connections that have taken more of a limit than another one asks for. */
@FunctionalInterface
public interface RoomMaker {

	/** Ends nobody. */
	RoomMaker NONE = (limit, needed, held) -> {
	};

	/**
	 * Makes room, if that can be.
	 * @param limit of which limit
	 * @param needed how much
	 * @param held those who have taken more may be ended for it
	 */
	void makeRoom(BrokerLimit limit, long needed, long held);

}
