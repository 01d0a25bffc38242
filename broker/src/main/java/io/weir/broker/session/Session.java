package io.weir.broker.session;

import java.security.Principal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.ClientSession;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.security.Authentication;
import io.weir.broker.security.Credentials;
import io.weir.message.Topic;
import io.weir.pool.Pool;
import io.weir.transport.ClientNetwork;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.StreamHandler;
import io.weir.wire.BrokerLimit;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression;

/**
 * One connection: nothing but CONNECT and PING is taken before it is known who the client
 * is, nothing new once the broker goes away. Frames come on the connection's event loop,
 * effects on any thread.
 */
final class Session implements ClientSession, StreamAcceptor, StreamHandler {

	private static final Logger logger = LoggerFactory.getLogger(Session.class);

	private final long id;

	private final Connection connection;

	private final SessionSettings settings;

	private final Credit credit;

	private final Map<Long, FrameStream> streams = new ConcurrentHashMap<>();

	// Of the event loop

	/** Streams on which a ping of ours is not answered. */
	private final Set<FrameStream> pinged = new HashSet<>();

	private final CompletableFuture<Void> flushed = new CompletableFuture<>();

	private final Requests requests;

	private final PartitionNotices partitions;

	private final AccessGate gate;

	private final TopicSearch search;

	private final SessionOutput output;

	/** Whether anything came since that was asked; set on the event loop. */
	private volatile boolean heard;

	/** Of the watch. */
	private int silentLooks;

	private SessionState state = new SessionState.Greeting();

	Session(long id, Connection connection, SessionSettings settings, IncomingBatches batches,
			BiConsumer<Topic, Command> engine, Supplier<Pool<RequestStream>> streams) {
		this.id = id;
		this.connection = connection;
		this.settings = settings;
		this.credit = new Credit(this::onEventLoop, settings.budgets());
		UnansweredRequests unanswered = new UnansweredRequests(id, this.credit);
		DeliveryRoom room = new DeliveryRoom(settings.budgets().of(BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION));
		this.partitions = new PartitionNotices(settings.partitions());
		this.requests = new Requests(id, settings.budgets(), batches, unanswered, this.partitions, room::isLeft,
				engine);
		this.search = new TopicSearch(settings.topics(), settings.security().authorizer(), this.credit);
		this.gate = new AccessGate(settings.security().authorizer(), this.credit, this::onEventLoop,
				AccessGate.PATIENCE, this.requests::handle);
		this.output = new SessionOutput(this.streams, unanswered, this.requests, room, engine, this::onEventLoop,
				connection, streams);
	}

	long id() {
		return this.id;
	}

	@Override
	public StreamHandler accept(FrameStream stream) {
		return this;
	}

	@Override
	public void onFrame(FrameStream stream, long requestId, Frame frame) {
		if (!this.heard) {
			this.heard = true;
		}
		if (this.state instanceof SessionState.Ended) {
			frame.release();
		}
		else if (frame instanceof Frame.Ping ping) {
			stream.write(requestId, new Frame.Pong(ping.nonce()));
		}
		else if (frame instanceof Frame.Pong) {
			flushed(stream);
		}
		else if (frame instanceof Frame.Connect connect) {
			connect(stream, requestId, connect);
		}
		else {
			SessionState.Ready ready = this.state.ready();
			if (ready == null) {
				frame.release();
				throw violation(frame.getClass().getSimpleName() + " came before CONNECTED");
			}
			if (this.streams.putIfAbsent(stream.id(), stream) == null && stream != ready.control()) {
				this.credit.add(stream);
			}
			if (frame instanceof Frame.FindTopics find && requestId > 0) {
				find(ready.principal(), stream, requestId, find);
			}
			else {
				this.gate.handle(ready.principal(), stream, requestId, frame);
			}
		}
	}

	private void find(Principal principal, FrameStream stream, long requestId, Frame.FindTopics find) {
		if (this.state instanceof SessionState.Leaving leaving) {
			stream.write(requestId, new Frame.ErrorReply(ErrorCode.GOING_AWAY, leaving.reason()));
			return;
		}
		this.search.find(principal, stream, requestId, find);
	}

	@Override
	public void onRefused(FrameStream stream, long requestId, ProtocolException cause) {
		if (cause.code().retryable()) {
			this.requests.dropped(stream);
		}
		StreamHandler.super.onRefused(stream, requestId, cause);
	}

	private void connect(FrameStream stream, long requestId, Frame.Connect connect) {
		if (this.state instanceof SessionState.Leaving leaving && leaving.ready() == null) {
			stream.write(requestId, new Frame.ErrorReply(ErrorCode.GOING_AWAY, leaving.reason()));
			return;
		}
		if (!(this.state instanceof SessionState.Greeting)) {
			throw violation("CONNECT came twice");
		}
		this.state = new SessionState.Authenticating(stream);
		CompletableFuture<Authentication> answer = authenticate(
				new Credentials(connect.clientName(), connect.token(), this.connection.remoteAddress()));
		if (answer.isDone()) {
			authenticated(stream, requestId, connect, answer);
		}
		else {
			answer
				.whenComplete((found, failure) -> onEventLoop(() -> authenticated(stream, requestId, connect, answer)));
		}
	}

	private CompletableFuture<Authentication> authenticate(Credentials credentials) {
		try {
			return this.settings.security().authenticator().authenticate(credentials).toCompletableFuture();
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** Nothing is said to who has gone meanwhile. */
	private void authenticated(FrameStream stream, long requestId, Frame.Connect connect,
			CompletableFuture<Authentication> answer) {
		if (this.state instanceof SessionState.Leaving leaving) {
			stream.write(requestId, new Frame.ErrorReply(ErrorCode.GOING_AWAY, leaving.reason()));
		}
		else if (this.state instanceof SessionState.Authenticating) {
			try {
				authenticated(stream, requestId, connect, answer.join());
			}
			catch (CompletionException | CancellationException ex) {
				logger.warn("It could not be found out who '{}' from {} is", connect.clientName(),
						this.connection.remoteAddress(), ex);
				sendAway(stream, requestId, ErrorCode.INTERNAL, "The broker could not find out who you are; try again");
			}
		}
	}

	private void authenticated(FrameStream stream, long requestId, Frame.Connect connect, Authentication answer) {
		if (answer instanceof Authentication.Authenticated known) {
			begin(stream, requestId, connect, known.principal());
		}
		else if (answer instanceof Authentication.Refused refused) {
			sendAway(stream, requestId, ErrorCode.UNAUTHENTICATED, refused.reason());
		}
	}

	private void begin(FrameStream stream, long requestId, Frame.Connect connect, Principal principal) {
		this.state = new SessionState.Ready(stream, principal);
		this.partitions.features(connect.features());
		this.connection.admit();
		this.connection.peerKnows(connect.features());
		stream.prioritise();
		logger.debug("Session {} opened by '{}' ({}) from {}", this.id, connect.clientName(), principal.getName(),
				this.connection.remoteAddress());
		stream.write(requestId,
				new Frame.Connected(this.settings.brokerName(), this.id, this.settings.maxFrameSize(),
						Limits.MAX_IN_FLIGHT, this.settings.maxMessageSize(), Feature.of(BatchCompression.available()),
						(int) this.settings.sessionTimeout().toMillis(), this.connection.resetToken()));
	}

	private void sendAway(FrameStream stream, long requestId, ErrorCode code, String reason) {
		logger.debug("Session {} with {} is refused: {}", this.id, this.connection.remoteAddress(), reason);
		this.state = new SessionState.Ended();
		stream.write(requestId, new Frame.ErrorReply(code, reason))
			.whenComplete((written, failure) -> this.connection.close(code, reason));
	}

	@Override
	public void onClosed(FrameStream stream, @Nullable Throwable cause) {
		this.streams.remove(stream.id());
		this.credit.remove(stream);
		flushed(stream);
		this.gate.streamEnded(stream);
		this.requests.streamEnded(stream, cause);
		if (stream == this.state.control() && this.connection.isOpen()) {
			this.connection.close(ErrorCode.NONE, "The control stream has ended");
		}
	}

	/** How many looks in a row, this one included, heard nothing; for the watch. */
	int silentLooks() {
		this.silentLooks = this.heard ? 0 : this.silentLooks + 1;
		this.heard = false;
		return this.silentLooks;
	}

	/** As if so many looks had heard nothing, but the client is pinged; for the watch. */
	void askForSignOfLife(int silentLooks) {
		this.heard = false;
		this.silentLooks = Math.max(this.silentLooks, silentLooks);
		onEventLoop(() -> push(new Frame.Ping(this.id)));
	}

	Connection connection() {
		return this.connection;
	}

	/** The connection has ended, or is given up; on the event loop. */
	void ended(ProtocolException why) {
		this.state = new SessionState.Ended();
		logger.debug("Session {} ended: {}", this.id, why.getMessage());
		this.streams.clear();
		this.output.end();
		this.credit.end();
		this.gate.sessionEnded();
		this.requests.sessionEnded();
		this.flushed.complete(null);
	}

	/**
	 * A client that waits for what it cannot be told, for want of memory, is to come
	 * again.
	 */
	@Override
	public void tell(Effect.Telling effect) {
		try {
			this.output.tell(effect);
		}
		catch (RuntimeException | Error ex) {
			this.connection.close(ErrorCode.INTERNAL, "The broker failed to tell the client something: " + ex);
			throw ex;
		}
	}

	/** The number of a topic's partitions has changed; on any thread. */
	void partitionsChanged(Topic topic) {
		onEventLoop(() -> {
			ProtocolException refusal = this.partitions.refusal(topic);
			if (refusal != null) {
				this.requests.dismiss(topic, refusal, this.output::tell);
				return;
			}
			this.requests.streamsOf(topic).forEach((id) -> {
				FrameStream stream = this.streams.get(id);
				if (stream != null) {
					this.partitions.tell(topic, stream);
				}
			});
		});
	}

	/** All of one address, or of one IPv6 network, count as one client. */
	@Override
	public Object origin() {
		return ClientNetwork.of(this.connection.remoteAddress());
	}

	/**
	 * The broker goes away: nothing new is taken.
	 * @return completes when the client was told
	 */
	CompletableFuture<Void> drain(ErrorCode code, String reason) {
		CompletableFuture<Void> told = new CompletableFuture<>();
		boolean asked = onEventLoop(() -> {
			this.requests.drain();
			if (!(this.state instanceof SessionState.Ended)) {
				this.state = new SessionState.Leaving(this.state.ready(), reason);
			}
			push(new Frame.GoAway(code, reason)).whenComplete((done, failure) -> told.complete(null));
		});
		return asked ? told : CompletableFuture.completedFuture(null);
	}

	/**
	 * Pings the client on each stream, behind what was said there.
	 * @return completes when it has answered, or is gone
	 */
	CompletableFuture<Void> flush() {
		CompletableFuture<Void> pooledFlushed = new CompletableFuture<>();
		boolean asked = onEventLoop(() -> {
			this.pinged.addAll(this.streams.values());
			this.pinged.forEach((stream) -> stream.write(0, new Frame.Ping(this.id)));
			completeIfFlushed();
			this.output.flush().thenAccept(pooledFlushed::complete);
		});
		return asked ? CompletableFuture.allOf(this.flushed, pooledFlushed) : CompletableFuture.completedFuture(null);
	}

	private void flushed(FrameStream stream) {
		if (this.pinged.remove(stream)) {
			completeIfFlushed();
		}
	}

	private void completeIfFlushed() {
		if (this.pinged.isEmpty()) {
			this.flushed.complete(null);
		}
	}

	/** Nothing is done any more when the transport is closed, and the session with it. */
	private boolean onEventLoop(Runnable task) {
		try {
			this.connection.executor().execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	private CompletionStage<Void> push(Frame frame) {
		SessionState.Ready ready = this.state.ready();
		FrameStream stream = (ready != null) ? ready.control() : null;
		return (stream != null) ? stream.write(0, frame)
				: CompletableFuture.failedStage(violation("The client has not said CONNECT"));
	}

	private static ProtocolException violation(String message) {
		return new ProtocolException(ErrorCode.PROTOCOL_VIOLATION, message);
	}

}
