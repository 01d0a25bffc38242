package io.weir.transport.memory;

import io.netty.channel.Channel;

import io.weir.transport.stream.StreamControl;
import io.weir.wire.ErrorCode;

/** One end of a stream in memory. */
final class MemoryStreamControl implements StreamControl {

	private final MemoryChannel channel;

	MemoryStreamControl(Channel channel) {
		this.channel = (MemoryChannel) channel;
	}

	@Override
	public long id() {
		return this.channel.number();
	}

	@Override
	public void prioritise() {
		// Nothing waits here that something else could overtake.
	}

	@Override
	public void shutdownOutput() {
		this.channel.endOutput();
	}

	@Override
	public void reset(ErrorCode code) {
		this.channel.reset(code);
	}

}
