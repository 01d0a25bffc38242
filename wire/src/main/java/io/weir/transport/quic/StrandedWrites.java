package io.weir.transport.quic;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Fails what Netty forgets. To write on a QUIC stream is to send packets, and in the
 * course of that Netty may notice that the connection's time is over and close it, with
 * all of its streams. What the stream being written on could not take then still goes
 * into its queue, after that was emptied for good: nobody would release it, and whoever
 * waits for it would wait for ever. The next write on a closed stream empties the queue
 * once more.
 */
@Sharable
final class StrandedWrites extends ChannelOutboundHandlerAdapter {

	static final StrandedWrites FAILED = new StrandedWrites();

	private StrandedWrites() {
	}

	@Override
	public void write(ChannelHandlerContext context, Object bytes, ChannelPromise written) {
		context.write(bytes, written);
		if (!context.channel().isOpen() && !written.isDone()) {
			context.write(Unpooled.EMPTY_BUFFER);
		}
	}

}
