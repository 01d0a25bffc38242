package io.weir.transport.quic;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

import io.weir.wire.ResetToken;

/**
 * Tells the clients of a server's predecessor that their connections are gone, by
 * stateless resets (RFC 9000 §10.3). Comes before the codec in a server socket's
 * pipeline. A reset is smaller than what it answers, so it amplifies nothing, and too
 * small to be answered by another.
 */
final class StatelessResets extends ChannelInboundHandlerAdapter {

	static final int LENGTH = 42;

	/** Long and fixed bit of the first byte, and what they are in a short header. */
	static final int FORM = 0xC0;

	static final int SHORT_HEADER = 0x40;

	private static final int TOKEN_BYTES = 2 * Long.BYTES;

	private static final int MOST_IN_A_WHILE = 1000;

	private static final long WHILE = TimeUnit.MILLISECONDS.toNanos(100);

	private final ConnectionIds ids;

	private final ResetKey key;

	private long whileBegan;

	private int answered;

	StatelessResets(ConnectionIds ids, ResetKey key) {
		this.ids = ids;
		this.key = key;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof DatagramPacket packet && isForPredecessor(packet.content())) {
			try {
				if (isAllowed(context.executor().ticker().nanoTime())) {
					context.writeAndFlush(new DatagramPacket(reset(context, packet.content()), packet.sender()));
				}
			}
			finally {
				packet.release();
			}
		}
		else {
			context.fireChannelRead(message);
		}
	}

	private boolean isForPredecessor(ByteBuf datagram) {
		int start = datagram.readerIndex();
		return datagram.readableBytes() > LENGTH && (datagram.getByte(start) & FORM) == SHORT_HEADER
				&& !this.ids.isOurs(datagram, start + 1);
	}

	private boolean isAllowed(long now) {
		if (now - this.whileBegan >= WHILE) {
			this.whileBegan = now;
			this.answered = 0;
		}
		return ++this.answered <= MOST_IN_A_WHILE;
	}

	private ByteBuf reset(ChannelHandlerContext context, ByteBuf datagram) {
		byte[] random = new byte[LENGTH - TOKEN_BYTES];
		ThreadLocalRandom.current().nextBytes(random);
		random[0] = (byte) ((random[0] & ~FORM) | SHORT_HEADER);
		byte[] connectionId = ByteBufUtil.getBytes(datagram, datagram.readerIndex() + 1, ConnectionIds.LENGTH);
		ResetToken token = this.key.token(connectionId);
		return context.alloc().directBuffer(LENGTH).writeBytes(random).writeLong(token.high()).writeLong(token.low());
	}

}
