package io.weir.broker.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.ReplyTo;
import io.weir.transport.FrameStream;

/**
 * The requests of a session that are not answered, by their tickets: where each answer
 * goes, and what the request holds of the session's credit. They come on the connection's
 * event loop and are answered on the threads of topics; a lock is held for no longer than
 * it takes to look one up.
 */
final class UnansweredRequests {

	/** A table that has grown beyond this is let go when it is empty. */
	private static final int SMALL = 1024;

	/** No stream's id. */
	private static final long NO_STREAM = -1;

	private final long session;

	private final Credit credit;

	private final Object lock = new Object();

	@GuardedBy("lock")
	private LongObjectMap<Request> requests = new LongObjectHashMap<>();

	/** The most that were in the table. */
	@GuardedBy("lock")
	private int most;

	@GuardedBy("lock")
	private long lastTicket = ReplyTo.NOBODY;

	UnansweredRequests(long session, Credit credit) {
		this.session = session;
		this.credit = credit;
	}

	/**
	 * Takes from the credit what a request costs, until it is answered.
	 * @return where its answer goes
	 */
	ReplyTo add(FrameStream stream, long request, int cost) {
		return add(new Request(stream.id(), request, cost));
	}

	/** As {@link #add}, for what the client waits for no answer to. */
	ReplyTo addSilent(int cost) {
		return add(new Request(NO_STREAM, 0, cost));
	}

	private ReplyTo add(Request request) {
		ReplyTo replyTo;
		synchronized (this.lock) {
			replyTo = new ReplyTo(this.session, ++this.lastTicket);
			this.requests.put(this.lastTicket, request);
			this.most = Math.max(this.most, this.requests.size());
		}
		this.credit.use(request.cost());
		return replyTo;
	}

	/**
	 * A request is answered, or will never be: its credit is given back.
	 * @return the request; {@code null} if it was answered, or the session has ended
	 */
	@Nullable Request take(ReplyTo replyTo) {
		Request request;
		synchronized (this.lock) {
			request = this.requests.remove(replyTo.ticket());
			if (this.most > SMALL && this.requests.isEmpty()) {
				forgetAll();
			}
		}
		if (request != null) {
			this.credit.giveBack(request.cost());
		}
		return request;
	}

	/** The session has ended, and with it the credit: nobody waits any more. */
	void end() {
		synchronized (this.lock) {
			forgetAll();
		}
	}

	@GuardedBy("lock")
	private void forgetAll() {
		this.requests = new LongObjectHashMap<>();
		this.most = 0;
	}

	/** How many there are. */
	int size() {
		synchronized (this.lock) {
			return this.requests.size();
		}
	}

	/**
	 * A request.
	 *
	 * @param stream on which it came
	 * @param request its number there
	 * @param cost what it holds of the credit
	 */
	record Request(long stream, long request, int cost) {
	}

}
