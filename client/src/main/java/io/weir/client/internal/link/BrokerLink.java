package io.weir.client.internal.link;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.connection.BrokerSession;
import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.connection.SessionUser;
import io.weir.client.internal.connection.StreamShare;
import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.time.Backoff;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Introduces a {@link Role} to the broker in each session, on a stream leased for it, and
 * again when the stream breaks or the broker has forgotten it. Everything happens on the
 * link's executor, which runs on the session's event loop while there is one. An answer
 * counts only if it belongs to the present attempt.
 */
public final class BrokerLink implements SessionUser {

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

	private final Role role;

	private final Farewell farewell;

	private final ConnectionManager connections;

	private final ClientTimer timer;

	private final SerialExecutor executor;

	private final Backoff backoff;

	private final boolean commonStream;

	// Only touched on the executor.

	private @Nullable BrokerSession session;

	private @Nullable Attachment attachment;

	/** The one before, if the broker still keeps the role for it. */
	private @Nullable Attachment left;

	/** The number of the present attempt; what belongs to an earlier one is void. */
	private long attempt;

	private boolean closed;

	// Written on the executor, read on any thread.

	private volatile boolean attached;

	private volatile @Nullable ProtocolException lastRefusal;

	/**
	 * Creates the link.
	 * @param role what to introduce
	 * @param connections where sessions come from
	 * @param timer the client's timer
	 * @param executor where everything happens
	 * @param backoff how long to wait after refusals
	 * @param commonStream whether a stream will do that many have in common
	 */
	public BrokerLink(Role role, ConnectionManager connections, ClientTimer timer, SerialExecutor executor,
			Backoff backoff, boolean commonStream) {
		this.role = role;
		this.farewell = new Farewell(role, timer);
		this.connections = connections;
		this.timer = timer;
		this.executor = executor;
		this.backoff = backoff;
		this.commonStream = commonStream;
	}

	/**
	 * Leases a stream for what belongs to the role.
	 * @param session where
	 * @return the lease, on any thread
	 */
	public CompletionStage<StreamShare> share(BrokerSession session) {
		return session.share(this.commonStream);
	}

	/** Begins. */
	public void open() {
		this.connections.register(this);
	}

	/**
	 * Whether the broker knows the role now, as far as is known.
	 * @return whether it is attached
	 */
	public boolean isAttached() {
		return this.attached;
	}

	/**
	 * What to tell somebody who has waited too long for the broker to accept the role.
	 * @param what the role, human-readable
	 * @param timeout how long
	 * @return as {@link Failures#tooLate}
	 */
	public ProtocolException notAttachedWithin(String what, Duration timeout) {
		return Failures.tooLate(what + " was not accepted by the broker", timeout, lastTrouble());
	}

	private @Nullable ProtocolException lastTrouble() {
		ProtocolException refusal = this.lastRefusal;
		return (refusal != null) ? refusal : this.connections.lastFailure();
	}

	/**
	 * What happened to the role or the connection, for somebody who has waited too long.
	 * @return a part of a sentence, empty if nothing did
	 */
	public String trouble() {
		ProtocolException failure = lastTrouble();
		return (failure != null) ? "; " + failure.code() + ": " + failure.getMessage() : "";
	}

	/**
	 * Whether there is an attempt or attachment that this number belongs to.
	 * @param number what {@link #attempt()} was
	 * @return whether it is the present one
	 */
	public boolean isCurrent(long number) {
		return this.attempt == number;
	}

	/**
	 * The number of the present attempt.
	 * @return the number
	 */
	public long attempt() {
		return this.attempt;
	}

	/** The broker has answered the role: the next failure is the first one again. */
	public void answered() {
		this.backoff.reset();
	}

	/**
	 * Introduces the role again, after a while. Does nothing if the whole session has
	 * ended, which the link is about to be told. Call on the executor.
	 * @param cause why
	 */
	public void reattach(ProtocolException cause) {
		Attachment last = this.attachment;
		if (last != null && !last.session().isOpen()) {
			return;
		}
		detach(cause);
		retryLater();
	}

	/**
	 * Closes the connection, on which something came that should not, and introduces the
	 * role again over the next one. Nothing more comes from this one. Call on the
	 * executor.
	 * @param cause why
	 */
	public void leaveConnection(ProtocolException cause) {
		Attachment last = this.attachment;
		if (last != null) {
			detach(cause);
			// With a code after which the client soon comes again.
			last.session().connection().close(ErrorCode.CONNECTION_LOST, String.valueOf(cause.getMessage()));
			retryLater();
		}
	}

	/**
	 * Says farewell and gives the stream back. Call on the executor.
	 * @return completes when the broker has heard it, at once if there is no broker that
	 * could, and as soon as it is known that the broker does not answer
	 */
	public CompletionStage<Void> close() {
		this.connections.unregister(this);
		this.closed = true;
		this.attempt++;
		this.attached = false;
		Attachment last = this.attachment;
		this.attachment = null;
		if (last != null) {
			return this.farewell.say(last);
		}
		return (this.left != null) ? this.farewell.sayElsewhere(this.left) : CompletableFuture.completedStage(null);
	}

	@Override
	public void sessionUp(BrokerSession session) {
		this.executor.moveTo(session.executor());
		this.executor.execute(() -> {
			this.session = session;
			this.backoff.reset();
			attach();
		});
	}

	@Override
	public void sessionDown(BrokerSession session, ProtocolException cause) {
		this.executor.moveHome();
		this.executor.execute(() -> {
			if (this.session == session) {
				this.session = null;
				detach(cause);
				this.left = null;
			}
		});
	}

	private void attach() {
		BrokerSession here = this.session;
		if (this.closed || here == null) {
			return;
		}
		long number = ++this.attempt;
		share(here).whenComplete((lease, failure) -> execute(number, () -> {
			if (lease == null) {
				refused(number, Failures.of(failure));
			}
			else if (isCurrent(number)) {
				introduce(number, here, lease);
			}
			else {
				lease.close();
			}
		}));
	}

	private void introduce(long number, BrokerSession here, StreamShare lease) {
		RequestStream stream;
		try {
			stream = BrokerSession.streamOf(lease);
		}
		catch (ProtocolException ex) {
			lease.invalidate();
			refused(number, ex);
			return;
		}
		long id = here.nextId();
		Attachment made = new Attachment(id, here, lease, stream);
		lease.listen(id, (frame) -> execute(number, () -> pushed(number, frame)),
				(cause) -> execute(number, () -> broken(number, cause)));
		here.onDelivery(id, (frame) -> execute(number, () -> pushed(number, frame)));
		stream.request(introduction(id, lease), ANSWER_TIMEOUT)
			.whenComplete((answer, failure) -> execute(number, () -> {
				if (answer == null) {
					// It may have been accepted, or may yet be.
					this.farewell.say(made);
					refused(number, Failures.of(failure));
				}
				else if (isCurrent(number)) {
					attached(made, answer);
				}
				else {
					answer.release();
					this.farewell.say(made);
				}
			}));
	}

	private Frame introduction(long id, StreamShare lease) {
		try {
			return this.role.introduction(id);
		}
		catch (RuntimeException | Error ex) {
			lease.invalidate();
			throw ex;
		}
	}

	private void attached(Attachment present, Frame answer) {
		this.attachment = present;
		this.left = null;
		this.lastRefusal = null;
		this.attached = true;
		this.role.attached(present, answer);
	}

	private void refused(long number, ProtocolException cause) {
		if (!isCurrent(number)) {
			return;
		}
		this.lastRefusal = cause;
		if (cause.code().severity() != ErrorCode.Severity.REQUEST || this.role.retryAfter(cause)) {
			retryLater();
		}
		else {
			close();
		}
	}

	private void broken(long number, ProtocolException cause) {
		if (isCurrent(number) && this.attachment != null) {
			reattach(cause);
		}
	}

	private void pushed(long number, Frame frame) {
		if (!isCurrent(number) || this.closed) {
			frame.release();
			return;
		}
		ProtocolException removal = this.role.pushed(frame);
		if (removal != null) {
			detach(removal);
			this.left = null;
			refused(this.attempt, removal);
		}
	}

	private void detach(ProtocolException cause) {
		this.attempt++;
		this.attached = false;
		Attachment last = this.attachment;
		this.attachment = null;
		if (last != null) {
			last.session().forget(last.id());
			boolean ended = last.lease().end(false);
			Frame request = this.role.replaced(last.id());
			if (request == null) {
				this.left = last;
			}
			else if (!ended) {
				// Others use the stream, and it goes on.
				last.stream().request(request).thenAccept(Frame::release);
			}
			this.role.detached(cause);
		}
	}

	/**
	 * What fails, perhaps for want of memory, ends the attempt that it belongs to: what
	 * was lost thereby is sent again in the next one.
	 */
	private void execute(long number, Runnable task) {
		this.executor.execute(() -> {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				if (isCurrent(number) && !this.closed) {
					reattach(Failures.of(ex));
				}
				throw ex;
			}
		});
	}

	private void retryLater() {
		long number = ++this.attempt;
		this.timer.schedule(this.backoff.next(), () -> execute(number, () -> {
			if (isCurrent(number)) {
				attach();
			}
		}));
	}

}
