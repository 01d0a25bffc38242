package io.weir.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ResetToken;

/**
 * Recognises a stateless reset (RFC 9000 §10.3.1) of a client's connection and closes the
 * socket, since there is nobody at the other end. Comes before the codec in the pipeline.
 */
final class ResetRecognition extends ChannelInboundHandlerAdapter {

	private final QuicConnection connection;

	ResetRecognition(QuicConnection connection) {
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
