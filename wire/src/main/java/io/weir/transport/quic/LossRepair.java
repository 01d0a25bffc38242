package io.weir.transport.quic;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Ticker;

/**
 * Sends what Netty forgets to send again. If the loss timer of a connection (RFC 9002
 * §6.2) runs out just before packets are sent, Netty notices it in the course of sending
 * and tells quiche, which declares packets lost; but what they carried is not sent, since
 * sending is what is going on, and no timer is left that would see to it. The connection
 * then stands still until one side has something else to send. So each connection is
 * asked to send a little after its socket has carried anything. Comes before the codec in
 * a socket's pipeline.
 */
final class LossRepair extends ChannelDuplexHandler {

	/** As long as QUIC itself may delay an acknowledgement (RFC 9000 §18.2). */
	private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(25);

	/** A socket with many connections spends about this part of its time on them. */
	private static final int PART = 50;

	/** Should asking have taken long because something else came in between. */
	private static final long LONGEST_DELAY = TimeUnit.SECONDS.toNanos(1);

	private boolean scheduled;

	private long delay = DELAY;

	@Override
	public void channelRead(ChannelHandlerContext context, Object datagram) {
		context.fireChannelRead(datagram);
		repairSoon(context);
	}

	@Override
	public void write(ChannelHandlerContext context, Object datagram, ChannelPromise promise) {
		repairSoon(context);
		context.write(datagram, promise);
	}

	private void repairSoon(ChannelHandlerContext context) {
		if (!this.scheduled) {
			context.executor().schedule(() -> repairSafely(context), this.delay, TimeUnit.NANOSECONDS);
			this.scheduled = true;
		}
	}

	private void repairSafely(ChannelHandlerContext context) {
		try {
			repair(context);
		}
		catch (RuntimeException | Error ex) {
			// What is scheduled fails unheard.
			context.fireExceptionCaught(ex);
		}
	}

	/**
	 * A socket that can be written to is what makes the codec have every connection send,
	 * and send once more, so that what the first attempt finds lost goes with the second.
	 */
	private void repair(ChannelHandlerContext context) {
		this.scheduled = false;
		if (context.channel().isActive()) {
			Ticker time = context.executor().ticker();
			long start = time.nanoTime();
			context.fireChannelWritabilityChanged();
			long took = time.nanoTime() - start;
			this.delay = Math.min(LONGEST_DELAY, Math.max(DELAY, took * PART));
		}
	}

}
