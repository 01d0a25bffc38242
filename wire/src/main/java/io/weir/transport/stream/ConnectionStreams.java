package io.weir.transport.stream;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

import io.weir.transport.StreamAcceptor;
import io.weir.transport.StreamHandler;
import io.weir.transport.TransportOptions;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.BudgetShare;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.AssemblyBudget;
import io.weir.wire.codec.FrameEncoder;

/**
 * The streams of one connection, and what they share: the flight window, and what the
 * peer may take. Of the connection's event loop, where not said otherwise.
 */
public final class ConnectionStreams {

	/** What a stream of the peer takes of the memory for what comes, when idle. */
	private static final int STREAM_COST = 4096;

	private final CarrierConnection connection;

	private final Function<Channel, StreamControl> controls;

	private final TransportOptions options;

	private final Budgets budgets;

	private final ErrorReports errors;

	private final AssemblyBudget assemblyBudget;

	/** What that has taken of the memory for all. */
	private final BudgetShare incoming;

	private final Outgoing outgoing;

	private final FlightWindow window = new FlightWindow();

	/** Writes what the peer knows. */
	private volatile FrameEncoder encoder = FrameEncoder.BASIC;

	/** The longest frame that the peer takes. */
	private volatile int peerMaxFrameSize = Limits.DEFAULT_MAX_FRAME_SIZE;

	/** Those that are open. */
	private final Set<ChannelFrameStream> streams = new LinkedHashSet<>();

	private @Nullable StreamAcceptor acceptor;

	private boolean admitted;

	/**
	 * Creates the streams of a connection, none at first.
	 * @param connection the connection
	 * @param controls the carrier's way to deal with one of its channels
	 * @param options how the connection behaves
	 * @param budgets what the peer may take, with others
	 * @param server asked to make room if there is no more for all
	 * @param errors is told of errors
	 */
	public ConnectionStreams(CarrierConnection connection, Function<Channel, StreamControl> controls,
			TransportOptions options, Budgets budgets, RoomMaker server, ErrorReports errors) {
		this.connection = connection;
		this.controls = controls;
		this.options = options;
		this.budgets = budgets;
		this.errors = errors;
		this.incoming = new BudgetShare(budgets.of(BrokerLimit.INCOMING_MEMORY));
		Budget beforeConnect = budgets.of(BrokerLimit.INCOMING_MEMORY_BEFORE_CONNECT);
		this.assemblyBudget = new AssemblyBudget(beforeConnect.limit(), beforeConnect, this.incoming,
				(needed, held) -> server.makeRoom(BrokerLimit.INCOMING_MEMORY, needed, held));
		this.outgoing = new Outgoing(budgets,
				(needed, held) -> server.makeRoom(BrokerLimit.OUTGOING_MEMORY, needed, held), this::heldChanged);
	}

	/**
	 * Who handles the streams that the peer opens; while nobody does they are closed.
	 * @param acceptor asked for each stream
	 */
	public void onStream(StreamAcceptor acceptor) {
		this.acceptor = acceptor;
	}

	/**
	 * The peer opened a stream.
	 * @param channel the stream, which is closed if it is not accepted
	 */
	public void accept(Channel channel) {
		StreamAcceptor acceptor = this.acceptor;
		if (acceptor == null) {
			channel.close();
			return;
		}
		Budget beforeConnect = this.budgets.of(BrokerLimit.STREAMS_BEFORE_CONNECT);
		if (!this.admitted && this.streams.size() >= beforeConnect.limit()) {
			beforeConnect.countRefusal();
			channel.close();
			this.connection.close(ErrorCode.PROTOCOL_VIOLATION,
					"More than " + beforeConnect.limit() + " streams were opened before CONNECT");
			return;
		}
		try {
			this.assemblyBudget.take(STREAM_COST);
		}
		catch (ProtocolException ex) {
			this.controls.apply(channel).reset(ex.code());
			channel.close();
			return;
		}
		ChannelFrameStream accepted = new ChannelFrameStream(this, STREAM_COST);
		accepted.handler(acceptor.accept(accepted));
		channel.pipeline().addLast(accepted.pipelineHandler());
	}

	/**
	 * A stream that is to be opened from here; on any thread.
	 * @param handler what receives its frames
	 * @return the stream, to be handed out when its channel is open
	 */
	public ChannelFrameStream newStream(StreamHandler handler) {
		ChannelFrameStream stream = new ChannelFrameStream(this, 0);
		stream.handler(handler);
		return stream;
	}

	/** The peer has said who it is, and may take as much as one may. */
	public void admit() {
		this.admitted = true;
		Budget perConnection = this.budgets.of(BrokerLimit.INCOMING_MEMORY_PER_CONNECTION);
		long longest = maxLength(this.options);
		this.assemblyBudget.limit(longest + Math.min(perConnection.limit(), Long.MAX_VALUE - longest), perConnection);
	}

	/**
	 * The peer has said what it knows; on any thread.
	 * @param features what it has named
	 */
	public void peerKnows(Set<Feature> features) {
		this.encoder = new FrameEncoder(features);
	}

	/**
	 * The longest frame that the peer takes; on any thread.
	 * @param maxFrameSize in bytes after its length
	 */
	public void limitFrames(int maxFrameSize) {
		this.peerMaxFrameSize = maxFrameSize;
	}

	/**
	 * Counts what waits to be sent and is on no stream yet.
	 * @param bytes how much more, or less, than before
	 */
	public void waits(long bytes) {
		this.outgoing.changed(bytes, 0);
	}

	/**
	 * How much the peer has taken of a limit that is for all.
	 * @param limit of which limit
	 * @return in bytes
	 */
	public long used(BrokerLimit limit) {
		return share(limit).used();
	}

	/**
	 * Ends the connection, which has taken the most, so that others find room.
	 * @param limit of which limit
	 */
	public void giveWay(BrokerLimit limit) {
		long used = used(limit);
		share(limit).end();
		this.connection.close(ErrorCode.OVERLOADED,
				"The broker has no more memory for its clients, of which this one has taken the most: " + used
						+ " bytes of " + limit.key());
	}

	private BudgetShare share(BrokerLimit limit) {
		return (limit == BrokerLimit.INCOMING_MEMORY) ? this.incoming : this.outgoing.share();
	}

	/** The connection has ended, and takes nothing any more. */
	public void end() {
		this.incoming.end();
		this.outgoing.share().end();
	}

	/** Asks on every stream whether the peer has read what was written so far. */
	public void probe() {
		this.streams.forEach(ChannelFrameStream::probe);
	}

	/**
	 * Whether a stream is without an answer to a probe.
	 * @param sentBy that was sent by then, by {@link System#nanoTime()}
	 * @return whether there is such a stream
	 */
	public boolean isUnanswered(long sentBy) {
		return this.streams.stream().anyMatch((stream) -> stream.isUnanswered(sentBy));
	}

	/** Ends streams on which an incomplete frame does not get on. */
	public void endSlowFrames() {
		Budget timeout = this.budgets.of(BrokerLimit.FRAME_TIMEOUT);
		for (ChannelFrameStream stream : List.copyOf(this.streams)) {
			if (stream.endIfTooSlow(timeout.limit())) {
				timeout.countRefusal();
			}
		}
	}

	/**
	 * Whether anything was asked that is not answered.
	 * @return whether an answer is awaited
	 */
	public boolean awaitsAnswer() {
		return this.streams.stream().anyMatch(ChannelFrameStream::awaitsAnswer);
	}

	private void heldChanged() {
		List.copyOf(this.streams).forEach(ChannelFrameStream::heldChanged);
	}

	// For the streams.

	void opened(ChannelFrameStream stream) {
		this.streams.add(stream);
	}

	void ended(ChannelFrameStream stream, int cost) {
		this.streams.remove(stream);
		this.assemblyBudget.giveBack(cost);
	}

	CarrierConnection connection() {
		return this.connection;
	}

	StreamControl control(Channel channel) {
		return this.controls.apply(channel);
	}

	TransportOptions options() {
		return this.options;
	}

	ErrorReports errors() {
		return this.errors;
	}

	AssemblyBudget assemblyBudget() {
		return this.assemblyBudget;
	}

	Outgoing outgoing() {
		return this.outgoing;
	}

	Budget forAnswersOfAStream() {
		return this.budgets.of(BrokerLimit.OUTGOING_MEMORY_PER_STREAM);
	}

	FlightWindow window() {
		return this.window;
	}

	FrameEncoder encoder() {
		return this.encoder;
	}

	int peerMaxFrameSize() {
		return this.peerMaxFrameSize;
	}

	/** The longest frame that is taken in fragments, in bytes after its length. */
	static int maxLength(TransportOptions options) {
		return options.maxMessageSize() + Limits.MAX_FRAME_FIELDS;
	}

}
