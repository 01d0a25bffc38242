package io.weir.transport.quic;

import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamPriority;

import io.weir.transport.stream.StreamControl;
import io.weir.wire.ErrorCode;

/** A QUIC stream. */
final class QuicStreamControl implements StreamControl {

	/** Urgency of the control stream and of all others (RFC 9218 §4.1; 0 goes first). */
	private static final QuicStreamPriority CONTROL = new QuicStreamPriority(0, true);

	static final QuicStreamPriority DATA = new QuicStreamPriority(3, true);

	private final QuicStreamChannel channel;

	QuicStreamControl(Channel channel) {
		this.channel = (QuicStreamChannel) channel;
	}

	@Override
	public long id() {
		return this.channel.streamId();
	}

	@Override
	public void prioritise() {
		this.channel.updatePriority(CONTROL);
	}

	@Override
	public void shutdownOutput() {
		this.channel.shutdownOutput();
	}

	/** By RESET_STREAM and STOP_SENDING (RFC 9000 §19.4 and §19.5). */
	@Override
	public void reset(ErrorCode code) {
		this.channel.shutdown(code.number());
	}

}
