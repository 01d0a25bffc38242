package io.weir.broker.engine;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * The session of a caller in this JVM, who asks topics and is answered by values and
 * exceptions. It may ask for as much at a time as a client that is connected, counted
 * with what all clients ask for, and for one thing at a time that is larger than that;
 * all local sessions count as one origin. Safe to use from any thread.
 */
public final class LocalSession implements ClientSession, AutoCloseable {

	private final long number;

	private final ClientSessions sessions;

	private final BiConsumer<Topic, Command> engine;

	/** What each session may ask for, where refusals of all sessions are counted. */
	private final Budget bound;

	/** What this one may ask for. */
	private final Budget own;

	private final Budget all;

	private final AtomicLong lastTicket = new AtomicLong(ReplyTo.NOBODY);

	private final AtomicLong lastPeer = new AtomicLong();

	private final Map<Long, Asked> unanswered = new ConcurrentHashMap<>();

	/** Where producers or consumers may be open. */
	private final Set<Topic> topics = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	private LocalSession(long number, ClientSessions sessions, BiConsumer<Topic, Command> engine, Budgets budgets) {
		this.number = number;
		this.sessions = sessions;
		this.engine = engine;
		this.bound = budgets.of(BrokerLimit.REQUEST_MEMORY_PER_CONNECTION);
		this.own = new Budget(this.bound.limit());
		this.all = budgets.of(BrokerLimit.INCOMING_MEMORY);
	}

	/**
	 * Opens a session.
	 * @param sessions where it is registered
	 * @param engine takes the commands, must not block
	 * @param budgets bounds what it may ask for
	 * @return the session, to be closed
	 */
	public static LocalSession open(ClientSessions sessions, BiConsumer<Topic, Command> engine, Budgets budgets) {
		return sessions.add((number) -> new LocalSession(number, sessions, engine, budgets));
	}

	/**
	 * A producer or consumer of this session that no command has named yet.
	 * @return its number
	 */
	public Peer newPeer() {
		return new Peer(this.number, this.lastPeer.incrementAndGet());
	}

	/**
	 * Asks a topic.
	 * @param topic the topic
	 * @param question makes the request, given where its answer goes; its buffers are
	 * released whatever comes of it
	 * @return the answer, but {@link Effect.Refused}; or a {@link ProtocolException} with
	 * the code and the reason of the refusal, with {@link ErrorCode#OVERLOADED} if too
	 * much was asked for and not answered, or with {@link ErrorCode#GOING_AWAY} if the
	 * session was closed before. Completed on the topic's thread: what depends on it must
	 * not block
	 */
	public CompletionStage<Effect.Answer> ask(Topic topic, Function<ReplyTo, Command.Request> question) {
		ReplyTo replyTo = new ReplyTo(this.number, this.lastTicket.incrementAndGet());
		Command.Request request = question.apply(replyTo);
		Asked asked = new Asked(new CompletableFuture<>(), cost(request));
		if (!take(asked.cost())) {
			request.release();
			return CompletableFuture.failedStage(new ProtocolException(ErrorCode.OVERLOADED,
					"Too much was asked for that is not answered; the limits are "
							+ BrokerLimit.REQUEST_MEMORY_PER_CONNECTION.property() + " and "
							+ BrokerLimit.INCOMING_MEMORY.key()));
		}
		this.unanswered.put(replyTo.ticket(), asked);
		if (this.closed) {
			request.release();
			fail(replyTo, goingAway());
		}
		else {
			submit(topic, request);
		}
		return asked.answer();
	}

	private void submit(Topic topic, Command.Request request) {
		boolean introduces = request instanceof Command.OpenProducer || request instanceof Command.Subscribe;
		if (introduces) {
			this.topics.add(topic);
		}
		try {
			this.engine.accept(topic, request);
		}
		catch (RuntimeException | Error ex) {
			fail(request.replyTo(), ex);
			if (ex instanceof Error error) {
				throw error;
			}
		}
		if (introduces && this.closed) {
			// Whoever closed it may not have seen the topic.
			end(topic);
		}
	}

	private void end(Topic topic) {
		this.engine.accept(topic, new Command.SessionEnded(this.number));
	}

	private static int cost(Command.Request request) {
		return Command.Request.COST + ((request instanceof Command.Publish publish)
				? publish.batch().readableBytes() + publish.index().memory() : 0);
	}

	private boolean take(int cost) {
		if (!this.own.tryTakeOne(cost)) {
			this.bound.countRefusal();
			return false;
		}
		if (!this.all.tryTakeOne(cost)) {
			this.own.giveBack(cost);
			return false;
		}
		return true;
	}

	/** A request is answered, or will never be. */
	private @Nullable CompletableFuture<Effect.Answer> take(long ticket) {
		Asked asked = this.unanswered.remove(ticket);
		if (asked == null) {
			return null;
		}
		this.own.giveBack(asked.cost());
		this.all.giveBack(asked.cost());
		return asked.answer();
	}

	private void fail(ReplyTo replyTo, Throwable failure) {
		CompletableFuture<Effect.Answer> answer = take(replyTo.ticket());
		if (answer != null) {
			answer.completeExceptionally(failure);
		}
	}

	/** Nothing is delivered here, since nothing is asked for. */
	@Override
	public void tell(Effect.Telling effect) {
		if (!(effect instanceof Effect.Answer answer)) {
			effect.release();
		}
		else if (answer instanceof Effect.Refused refused) {
			fail(answer.to(), new ProtocolException(refused.code(), refused.reason()));
		}
		else {
			CompletableFuture<Effect.Answer> waiting = take(answer.to().ticket());
			if (waiting == null || !waiting.complete(answer)) {
				answer.release();
			}
		}
	}

	@Override
	public Object origin() {
		return LocalSession.class;
	}

	/**
	 * Ends the session with its producers and consumers: what is not answered fails,
	 * whether or not it is still carried out. Harmless when closed.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.sessions.remove(this.number);
		this.unanswered.keySet().forEach((ticket) -> fail(new ReplyTo(this.number, ticket), goingAway()));
		this.topics.forEach(this::end);
		this.topics.clear();
	}

	private static ProtocolException goingAway() {
		return new ProtocolException(ErrorCode.GOING_AWAY, "The session was closed before the answer came");
	}

	/**
	 * A request that is not answered.
	 *
	 * @param cost what it holds of the limits
	 */
	private record Asked(CompletableFuture<Effect.Answer> answer, int cost) {
	}

}
