package io.weir.transport.fakes;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.weir.transport.Connection;
import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.SilenceListener;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.ProtocolException;

/** A connection whose other side is the test. */
public final class FakeConnection implements Connection {

	private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 1);

	private final CompletableFuture<ProtocolException> closed = new CompletableFuture<>();

	private final List<FakeStream> streams = new CopyOnWriteArrayList<>();

	private final InetSocketAddress remoteAddress;

	private final @Nullable FakePeer peer;

	private final boolean ofServer;

	private @Nullable StreamAcceptor acceptor;

	private Executor executor = Runnable::run;

	private @Nullable SilenceListener silence;

	private Set<Feature> peerFeatures = Set.of();

	private int maxFrameSize;

	private boolean admitted;

	private boolean refusesStreams;

	private boolean stuck;

	private volatile @Nullable ErrorCode closedWith;

	/** A connection on which nothing happens but what the test does. */
	public FakeConnection() {
		this(CLIENT, null, true);
	}

	private FakeConnection(InetSocketAddress remoteAddress, @Nullable FakePeer peer, boolean ofServer) {
		this.ofServer = ofServer;
		this.remoteAddress = remoteAddress;
		this.peer = peer;
	}

	/**
	 * A client's connection.
	 * @param server the other side
	 * @param acceptor handles the streams that the server opens
	 * @param peer takes what the client writes
	 * @return the connection
	 */
	public static FakeConnection ofClient(InetSocketAddress server, StreamAcceptor acceptor, FakePeer peer) {
		FakeConnection connection = new FakeConnection(server, peer, false);
		connection.acceptor = acceptor;
		return connection;
	}

	/**
	 * A server's connection, whose streams note what is written on them.
	 * @param acceptor is asked at once
	 * @return the connection
	 */
	public static FakeConnection ofServer(ConnectionAcceptor acceptor) {
		FakeConnection connection = new FakeConnection();
		connection.acceptor = acceptor.accept(connection);
		return connection;
	}

	/**
	 * A server's connection.
	 * @param acceptor is asked at once
	 * @param eventLoop where the connection's tasks go
	 * @param peer takes what the server writes
	 * @return the connection
	 */
	public static FakeConnection ofServer(ConnectionAcceptor acceptor, Executor eventLoop, FakePeer peer) {
		FakeConnection connection = new FakeConnection(CLIENT, peer, true);
		connection.executor = eventLoop;
		connection.acceptor = acceptor.accept(connection);
		return connection;
	}

	/**
	 * What the event loop does with tasks from now on.
	 * @param executor takes them; at first they are done at once
	 */
	public void executor(Executor executor) {
		this.executor = executor;
	}

	/**
	 * The peer opens a stream.
	 * @return the stream
	 */
	public FakeStream openedByPeer() {
		FakeStream stream = new FakeStream(nextId(!this.ofServer), this, this.peer);
		this.streams.add(stream);
		stream.handler(Objects.requireNonNull(this.acceptor, "The test opens streams of its own").accept(stream));
		return stream;
	}

	/** The numbers of streams tell which side opened them (RFC 9000 §2.1). */
	private long nextId(boolean openedByServer) {
		return this.streams.size() * 4L + (openedByServer ? 1 : 0);
	}

	/** The peer takes no streams from now on. */
	public void refuseStreams() {
		this.refusesStreams = true;
	}

	/**
	 * Closing does not end the connection from now on, as when its event loop is busy.
	 */
	public void hang() {
		this.stuck = true;
	}

	@Override
	public CompletionStage<FrameStream> openStream(StreamHandler handler) {
		if (this.refusesStreams) {
			return CompletableFuture
				.failedStage(new ProtocolException(ErrorCode.LIMIT_EXCEEDED, "The peer takes no streams"));
		}
		FakeStream stream = new FakeStream(nextId(this.ofServer), this, this.peer);
		stream.handler(handler);
		this.streams.add(stream);
		return CompletableFuture.completedStage(stream);
	}

	/**
	 * The streams that were opened, by either side.
	 * @return in order; a client's first one is its control stream
	 */
	public List<FakeStream> streams() {
		return this.streams;
	}

	/**
	 * The control stream of a client.
	 * @return the first stream
	 */
	public FakeStream control() {
		return this.streams.get(0);
	}

	@Override
	public void onSilence(RequestStream control, SilenceListener listener) {
		this.silence = listener;
	}

	/** The peer does not answer any more. */
	public void fallSilent() {
		Objects.requireNonNull(this.silence, "Somebody listens").silent(this, Duration.ofMillis(500));
	}

	/** The peer answers again. */
	public void answerAgain() {
		Objects.requireNonNull(this.silence, "Somebody listens").heardAgain(this);
	}

	/**
	 * The connection breaks. Harmless when closed.
	 * @param code why
	 */
	public void breakDown(ErrorCode code) {
		end(new ProtocolException(code, "The connection was broken by the test"));
	}

	private void end(ProtocolException cause) {
		if (!this.closed.isDone() && !this.stuck) {
			List.copyOf(this.streams).forEach((stream) -> stream.end(cause));
			this.closed.complete(cause);
		}
	}

	/**
	 * With what the connection was closed from this side.
	 * @return the first code; {@code null} while nobody has closed it
	 */
	public @Nullable ErrorCode closedWith() {
		return this.closedWith;
	}

	@Override
	public void peerKnows(Set<Feature> features) {
		this.peerFeatures = Set.copyOf(features);
	}

	/**
	 * What the peer has named.
	 * @return the features; none if it said nothing
	 */
	public Set<Feature> peerFeatures() {
		return this.peerFeatures;
	}

	@Override
	public void limitFrames(int maxFrameSize) {
		this.maxFrameSize = maxFrameSize;
	}

	/**
	 * The longest frame that the peer said to take.
	 * @return in bytes; 0 if it said nothing
	 */
	public int maxFrameSize() {
		return this.maxFrameSize;
	}

	@Override
	public void admit() {
		this.admitted = true;
	}

	/**
	 * Whether the peer has said who it is.
	 * @return whether it was admitted
	 */
	public boolean isAdmitted() {
		return this.admitted;
	}

	@Override
	public void waits(long bytes) {
		// Nothing waits here.
	}

	@Override
	public boolean isOpen() {
		return !this.closed.isDone();
	}

	@Override
	public CompletionStage<ProtocolException> closed() {
		return this.closed.minimalCompletionStage();
	}

	@Override
	public CompletionStage<Void> close(ErrorCode code, String reason) {
		if (this.closedWith == null) {
			this.closedWith = code;
		}
		end(new ProtocolException(code, reason));
		return CompletableFuture.completedStage(null);
	}

	@Override
	public InetSocketAddress remoteAddress() {
		return this.remoteAddress;
	}

	@Override
	public Executor executor() {
		return this.executor;
	}

}
