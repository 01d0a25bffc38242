package io.weir.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ResetToken;

/**
 * Sees every packet that comes for a client's connection, before the codec does.
 * Recognises a stateless reset (RFC 9000 §10.3.1) and closes the socket, since there is
 * nobody at the other end.
 */
final class IncomingPackets extends ChannelInboundHandlerAdapter {

	private final QuicConnection connection;

	IncomingPackets(QuicConnection connection) {
		this.connection = connection;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ResetToken token = this.connection.expectedReset();
		if (token != null && message instanceof DatagramPacket packet && endsWith(token, packet.content())) {
			packet.release();
			this.connection.wasReset();
			// Not in the course of reading from the socket.
			context.executor().execute(context.channel()::close);
		}
		else {
			this.connection.heard();
			context.fireChannelRead(message);
		}
	}

	private static boolean endsWith(@Nullable ResetToken token, ByteBuf datagram) {
		int end = datagram.writerIndex();
		return token != null && datagram.readableBytes() >= StatelessResets.LENGTH
				&& (datagram.getByte(datagram.readerIndex()) & StatelessResets.FORM) == StatelessResets.SHORT_HEADER
				&& datagram.getLong(end - Long.BYTES) == token.low()
				&& datagram.getLong(end - 2 * Long.BYTES) == token.high();
	}

}
