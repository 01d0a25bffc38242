package io.weir.transport.memory;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownException;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;

/**
 * One end of a stream. Bytes go to the other end as tasks of its event loop, no more of
 * them than its window has room for; what it has read makes room again. Its state belongs
 * to its event loop.
 */
final class MemoryChannel extends AbstractChannel {

	/** How many bytes may be on their way and not read. */
	static final int WINDOW = 1024 * 1024;

	private static final ChannelMetadata METADATA = new ChannelMetadata(false);

	private final ChannelConfig config = new DefaultChannelConfig(this) {

		@Override
		protected void autoReadCleared() {
			MemoryChannel.this.readPending = false;
		}

	};

	/** What the peer has sent and nobody has read. */
	private final Queue<byte[]> arrived = new ArrayDeque<>();

	private final long number;

	private final EventLoop home;

	private final Consumer<MemoryChannel> whenClosed;

	private @Nullable MemoryChannel peer;

	private @Nullable Gate gate;

	private volatile boolean open = true;

	/** How much more the peer's window takes. */
	private int room = WINDOW;

	private boolean readPending;

	private boolean delivering;

	private boolean outputEnded;

	private boolean inputEnded;

	private boolean inputEndTold;

	/**
	 * Creates an end, to be registered with its event loop.
	 * @param number of the stream
	 * @param home its event loop
	 * @param whenClosed told when it is closed
	 */
	MemoryChannel(long number, EventLoop home, Consumer<MemoryChannel> whenClosed) {
		super(null);
		this.number = number;
		this.home = home;
		this.whenClosed = whenClosed;
	}

	/** Joins two ends, before they are used. */
	static void join(MemoryChannel one, MemoryChannel other, Gate gate) {
		one.peer = other;
		one.gate = gate;
		other.peer = one;
		other.gate = gate;
	}

	long number() {
		return this.number;
	}

	/** Nothing more will be written; the peer learns it after what was. */
	void endOutput() {
		if (!this.outputEnded) {
			this.outputEnded = true;
			tellPeer(MemoryChannel::peerEnded);
		}
	}

	/** Gives up both directions; the channel is to be closed afterwards. */
	void reset(ErrorCode code) {
		this.outputEnded = true;
		tellPeer((peer) -> peer.peerReset(code));
	}

	private void tellPeer(Consumer<MemoryChannel> news) {
		MemoryChannel peer = Objects.requireNonNull(this.peer, "Ends are joined before they are used");
		Objects.requireNonNull(this.gate, "as the peer").pass(() -> tell(peer, news));
	}

	private static void tell(MemoryChannel peer, Consumer<MemoryChannel> news) {
		try {
			peer.home.execute(() -> news.accept(peer));
		}
		catch (RejectedExecutionException ex) {
			// The peer's transport is closed, of which the connection is told.
		}
	}

	private void peerSent(byte[] bytes) {
		if (this.open) {
			this.arrived.add(bytes);
			deliver();
		}
		else {
			hasRead(bytes.length);
		}
	}

	private void peerEnded() {
		this.inputEnded = true;
		deliver();
	}

	private void peerReset(ErrorCode code) {
		dropArrived();
		if (this.open) {
			pipeline().fireExceptionCaught(new StreamResetException(code));
		}
	}

	private void peerHasRead(int bytes) {
		this.room += bytes;
		if (this.open) {
			unsafe().flush();
		}
	}

	private void hasRead(int bytes) {
		tellPeer((peer) -> peer.peerHasRead(bytes));
	}

	private void deliver() {
		if (this.delivering) {
			return;
		}
		this.delivering = true;
		try {
			while (this.readPending && this.open && hasNews()) {
				this.readPending = false;
				deliverNext();
			}
		}
		finally {
			this.delivering = false;
		}
	}

	private boolean hasNews() {
		return !this.arrived.isEmpty() || (this.inputEnded && !this.inputEndTold);
	}

	private void deliverNext() {
		byte[] bytes = this.arrived.poll();
		if (bytes != null) {
			hasRead(bytes.length);
			read(bytes);
			pipeline().fireChannelReadComplete();
		}
		else {
			this.inputEndTold = true;
			pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
		}
	}

	/** Memory may be short here as with a socket. */
	private void read(byte[] bytes) {
		ByteBuf buffer;
		try {
			buffer = alloc().directBuffer(bytes.length, bytes.length).writeBytes(bytes);
		}
		catch (OutOfMemoryError ex) {
			pipeline().fireExceptionCaught(ex);
			return;
		}
		pipeline().fireChannelRead(buffer);
	}

	private void dropArrived() {
		int dropped = this.arrived.stream().mapToInt((bytes) -> bytes.length).sum();
		this.arrived.clear();
		if (dropped > 0) {
			hasRead(dropped);
		}
	}

	@Override
	protected void doBeginRead() {
		this.readPending = true;
		if (!this.delivering && hasNews()) {
			this.home.execute(this::deliver);
		}
	}

	@Override
	protected void doWrite(ChannelOutboundBuffer waiting) {
		while (waiting.current() instanceof ByteBuf bytes) {
			if (this.outputEnded) {
				waiting.remove(new ChannelOutputShutdownException("The stream was ended"));
				continue;
			}
			int length = Math.min(this.room, bytes.readableBytes());
			if (length == 0 && bytes.isReadable()) {
				return;
			}
			byte[] piece = ByteBufUtil.getBytes(bytes, bytes.readerIndex(), length);
			this.room -= length;
			tellPeer((peer) -> peer.peerSent(piece));
			waiting.removeBytes(length);
		}
	}

	@Override
	protected void doClose() {
		if (this.open) {
			this.open = false;
			dropArrived();
			endOutput();
			this.whenClosed.accept(this);
		}
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public boolean isActive() {
		return this.open && isRegistered();
	}

	@Override
	public ChannelConfig config() {
		return this.config;
	}

	@Override
	public ChannelMetadata metadata() {
		return METADATA;
	}

	@Override
	protected boolean isCompatible(EventLoop loop) {
		return loop == this.home;
	}

	@Override
	protected SocketAddress localAddress0() {
		return new LocalAddress("stream-" + this.number);
	}

	@Override
	protected SocketAddress remoteAddress0() {
		return localAddress0();
	}

	@Override
	protected void doBind(SocketAddress localAddress) {
		throw new UnsupportedOperationException("A stream is opened with its connection");
	}

	@Override
	protected void doDisconnect() {
		doClose();
	}

	@Override
	protected AbstractUnsafe newUnsafe() {
		return new AbstractUnsafe() {

			@Override
			public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
				promise.setFailure(new UnsupportedOperationException("A stream is opened with its connection"));
			}

		};
	}

}
