package io.weir.transport.quic;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.util.concurrent.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.transport.RequestStream;
import io.weir.transport.SilenceListener;
import io.weir.wire.Frame;

/** The server at the other end of a client's connection. On the event loop. */
final class WatchedPeer implements SilenceWatch.Peer {

	private static final Logger logger = LoggerFactory.getLogger(WatchedPeer.class);

	/** More than a server answers; it looks like any packet. */
	private static final int KNOCK_BYTES = 2 * StatelessResets.LENGTH;

	private final QuicConnection connection;

	private final QuicChannel channel;

	private final RequestStream control;

	private final SilenceListener listener;

	private long roundTripNanos;

	WatchedPeer(QuicConnection connection, QuicChannel channel, RequestStream control, SilenceListener listener) {
		this.connection = connection;
		this.channel = channel;
		this.control = control;
		this.listener = listener;
	}

	@Override
	public boolean isOpen() {
		return this.connection.isOpen();
	}

	@Override
	public boolean awaitsAnswer() {
		return this.connection.streams().awaitsAnswer();
	}

	/** Without a request id, so that nobody waits for the answer. */
	@Override
	public void ping() {
		this.control.send(new Frame.Ping(0));
		this.channel.collectPathStats(0).addListener((Future<QuicConnectionPathStats> stats) -> {
			if (stats.isSuccess() && stats.getNow() != null) {
				this.roundTripNanos = stats.getNow().rtt();
			}
		});
	}

	@Override
	public long roundTripNanos() {
		return this.roundTripNanos;
	}

	/**
	 * QUIC repeats its own packets ever more seldom, so that a server that is back would
	 * not be asked for seconds. One that knows the connection drops this unread.
	 */
	@Override
	public void knock() {
		ChannelHandlerContext socket = this.channel.parent().pipeline().context(IncomingPackets.class);
		QuicConnectionAddress address = this.channel.remoteAddress();
		if (this.connection.expectedReset() != null && address != null && socket != null
				&& this.connection.remoteAddress() instanceof InetSocketAddress server) {
			byte[] random = new byte[KNOCK_BYTES - 1 - ConnectionIds.LENGTH];
			ThreadLocalRandom.current().nextBytes(random);
			ByteBuf packet = Unpooled.directBuffer(KNOCK_BYTES)
				.writeByte(StatelessResets.SHORT_HEADER)
				.writeBytes(ConnectionIds.bytes(address))
				.writeBytes(random);
			socket.writeAndFlush(new DatagramPacket(packet, server));
		}
	}

	@Override
	public void failed(Throwable cause) {
		logger.error("{} could not be asked for a sign of life; it is tried again", this.connection, cause);
		this.connection.errors().tell(cause);
	}

	@Override
	public void silent(Duration since) {
		this.listener.silent(this.connection, since);
	}

	@Override
	public void heardAgain() {
		this.listener.heardAgain(this.connection);
	}

}
