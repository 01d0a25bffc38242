package io.weir.broker.session;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.security.Authorization;
import io.weir.broker.security.Authorizer;
import io.weir.broker.security.Operation;
import io.weir.broker.security.Operation.Action;
import io.weir.transport.FrameStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.RedeliveryPolicy;

/**
 * Lets requests through that their client may make. What comes on a stream behind one
 * that is being decided on waits, in order, on the session's credit. On the connection's
 * event loop.
 */
final class AccessGate {

	private static final Logger logger = LoggerFactory.getLogger(AccessGate.class);

	/** How long a decision may take. */
	static final Duration PATIENCE = Duration.ofSeconds(10);

	/** Where requests go that are allowed. */
	interface Next {

		/**
		 * Handles a request.
		 * @param frame the request, released by this
		 * @throws ProtocolException if the connection cannot go on
		 */
		void handle(FrameStream stream, long requestId, Frame frame);

	}

	private final Authorizer authorizer;

	private final Credit credit;

	private final Executor eventLoop;

	private final Duration patience;

	private final Next next;

	/** Of each stream with an open decision, what came behind it. */
	private final Map<Long, Deque<Held>> waiting = new HashMap<>();

	private boolean ended;

	AccessGate(Authorizer authorizer, Credit credit, Executor eventLoop, Duration patience, Next next) {
		this.authorizer = authorizer;
		this.credit = credit;
		this.eventLoop = eventLoop;
		this.patience = patience;
		this.next = next;
	}

	/**
	 * Handles a request, now or later.
	 * @param principal who makes it
	 * @param frame the request, released by this
	 * @throws ProtocolException if the connection cannot go on
	 */
	void handle(Principal principal, FrameStream stream, long requestId, Frame frame) {
		Deque<Held> before = this.waiting.get(stream.id());
		if (before != null) {
			Held held = new Held(principal, requestId, frame, Requests.cost(frame));
			this.credit.use(held.cost());
			before.add(held);
			return;
		}
		List<Operation> operations = operations(frame);
		if (operations.isEmpty()) {
			this.next.handle(stream, requestId, frame);
			return;
		}
		CompletableFuture<Decision> decision = decide(principal, operations);
		if (decision.isDone()) {
			decided(principal, operations, stream, requestId, frame, decision);
			return;
		}
		Deque<Held> behind = new ArrayDeque<>();
		this.waiting.put(stream.id(), behind);
		decision.orTimeout(this.patience.toMillis(), TimeUnit.MILLISECONDS)
			.whenComplete((made, failure) -> this.eventLoop.execute(() -> {
				if (this.waiting.remove(stream.id(), behind)) {
					goOn(stream, () -> decided(principal, operations, stream, requestId, frame, decision));
					behind.forEach((held) -> goOn(stream, () -> release(held, stream)));
				}
			}));
	}

	/** One after the other, until one is denied. */
	private CompletableFuture<Decision> decide(Principal principal, List<Operation> operations) {
		CompletableFuture<Decision> decision = decide(principal, operations.get(0));
		for (Operation operation : operations.subList(1, operations.size())) {
			decision = decision.thenCompose((before) -> (before.made() instanceof Authorization.Denied)
					? CompletableFuture.completedFuture(before) : decide(principal, operation));
		}
		return decision;
	}

	private CompletableFuture<Decision> decide(Principal principal, Operation operation) {
		try {
			CompletionStage<Authorization> decision = this.authorizer.authorize(principal, operation);
			// A copy, for the authorizer's own may be the same for all.
			return decision.thenApply((made) -> new Decision(operation, made)).toCompletableFuture();
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void decided(Principal principal, List<Operation> operations, FrameStream stream, long requestId,
			Frame frame, CompletableFuture<Decision> decision) {
		Decision made;
		try {
			made = decision.join();
		}
		catch (RuntimeException ex) {
			logger.warn("It could not be decided whether '{}' may {}", principal.getName(), operations, ex);
			refuse(stream, requestId, ErrorCode.INTERNAL, "The broker could not decide whether '" + principal.getName()
					+ "' may " + operations.get(0) + "; try again");
			return;
		}
		if (made.made() instanceof Authorization.Denied denied) {
			refuse(stream, requestId, ErrorCode.UNAUTHORIZED,
					"'" + principal.getName() + "' may not " + made.operation() + ": " + denied.reason());
		}
		else {
			this.next.handle(stream, requestId, frame);
		}
	}

	private static void refuse(FrameStream stream, long requestId, ErrorCode code, String message) {
		stream.write(requestId, new Frame.ErrorReply(code, message));
	}

	private void release(Held held, FrameStream stream) {
		if (this.ended) {
			drop(held);
			return;
		}
		this.credit.giveBack(held.cost());
		handle(held.principal(), stream, held.requestId(), held.frame());
	}

	/** As the stream does when a request that just came cannot be handled. */
	private static void goOn(FrameStream stream, Runnable step) {
		try {
			step.run();
		}
		catch (ProtocolException ex) {
			stream.connection().close(ex.code(), String.valueOf(ex.getMessage()));
		}
		catch (RuntimeException ex) {
			logger.error("A request failed", ex);
			stream.connection().close(ErrorCode.INTERNAL, "A request failed: " + ex);
		}
	}

	/** What waits on the stream is dropped, and what is decided counts no more. */
	void streamEnded(FrameStream stream) {
		Deque<Held> dropped = this.waiting.remove(stream.id());
		if (dropped != null) {
			dropped.forEach(this::drop);
		}
	}

	/** As {@link #streamEnded}, for all streams. */
	void sessionEnded() {
		this.ended = true;
		this.waiting.values().forEach((dropped) -> dropped.forEach(this::drop));
		this.waiting.clear();
	}

	private void drop(Held held) {
		this.credit.giveBack(held.cost());
		held.frame().release();
	}

	/** What needs a permission; nothing if it needs none, or is refused anyway. */
	private static List<Operation> operations(Frame frame) {
		try {
			if (frame instanceof Frame.OpenProducer open) {
				return List.of(new Operation(Action.PRODUCE, Names.topic(open.topic()).whole(), null));
			}
			if (frame instanceof Frame.Subscribe subscribe) {
				return operations(subscribe);
			}
			return List.of();
		}
		catch (ProtocolException ex) {
			return List.of();
		}
	}

	/** Who has the broker publish dead letters somewhere must be allowed to do so. */
	private static List<Operation> operations(Frame.Subscribe subscribe) {
		Operation consume = new Operation(Action.CONSUME, Names.topic(subscribe.topic()).whole(),
				Names.subscription(subscribe.subscription()));
		RedeliveryPolicy policy = subscribe.redelivery();
		String deadLetters = (policy != null) ? policy.deadLetterTopic() : null;
		return (deadLetters != null)
				? List.of(consume, new Operation(Action.PRODUCE, Names.topic(deadLetters).whole(), null))
				: List.of(consume);
	}

	/** What was decided of an operation. */
	private record Decision(Operation operation, Authorization made) {
	}

	/**
	 * A request that waits.
	 *
	 * @param cost what it holds of the credit
	 */
	private record Held(Principal principal, long requestId, Frame frame, int cost) {
	}

}
