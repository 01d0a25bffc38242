package io.weir.transport.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.transport.stream.EventLoopThreads;

/**
 * UDP sockets, tuned. With epoll, several packets of one connection cross the kernel as
 * one segmented datagram in both directions (GSO and GRO); measured, this together with
 * large buffers makes ten times the throughput of untuned sockets.
 */
final class DatagramSockets {

	/**
	 * The largest UDP payload that is tried by path MTU discovery (RFC 8899): a jumbo
	 * frame's.
	 */
	static final int MAX_UDP_PAYLOAD = 8952;

	/**
	 * So many of the largest packets stay below the 64 KiB that one segmented datagram
	 * may have.
	 */
	private static final int MAX_SEGMENTS = 7;

	private static final int MAX_DATAGRAM = 65_535;

	/** Two windows' worth; the kernel grants less if its limits are lower. */
	private static final int SOCKET_BUFFER = 8 * 1024 * 1024;

	private static final int PLAIN_DATAGRAM = 16 * 1024;

	private static final int DATAGRAMS_PER_READ = 64;

	private static final Logger logger = LoggerFactory.getLogger(DatagramSockets.class);

	private final boolean epoll = Epoll.isAvailable();

	EventLoopGroup newEventLoops(int threads, String name) {
		IoHandlerFactory factory = this.epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
		return new MultiThreadIoEventLoopGroup(threads, new EventLoopThreads(name), factory);
	}

	Bootstrap newBootstrap(EventLoopGroup eventLoops) {
		Bootstrap bootstrap = new Bootstrap().group(eventLoops)
			.option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
			.option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER);
		if (!this.epoll) {
			return bootstrap.channel(NioDatagramChannel.class)
				.option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers(PLAIN_DATAGRAM));
		}
		return bootstrap.channel(EpollDatagramChannel.class)
			.option(EpollChannelOption.UDP_GRO, true)
			.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_DATAGRAM)
			.option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers(MAX_DATAGRAM));
	}

	SegmentedDatagramPacketAllocator segments() {
		return this.epoll ? EpollQuicUtils.newSegmentedAllocator(MAX_SEGMENTS) : SegmentedDatagramPacketAllocator.NONE;
	}

	/** Kernels cap socket buffers silently, which shows as loss under load. */
	void logGranted(Channel channel) {
		if (logger.isDebugEnabled() && channel.isOpen()) {
			logger.debug("{}: {}, receive buffer {} bytes, send buffer {} bytes", channel.localAddress(),
					this.epoll ? "epoll with segmented datagrams" : "NIO",
					channel.config().getOption(ChannelOption.SO_RCVBUF),
					channel.config().getOption(ChannelOption.SO_SNDBUF));
		}
	}

	private static FixedRecvByteBufAllocator receiveBuffers(int size) {
		FixedRecvByteBufAllocator allocator = new FixedRecvByteBufAllocator(size);
		allocator.maxMessagesPerRead(DATAGRAMS_PER_READ);
		return allocator;
	}

}
