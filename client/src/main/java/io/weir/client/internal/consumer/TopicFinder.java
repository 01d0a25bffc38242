package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.connection.BrokerSession;
import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.connection.SessionUser;
import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.pool.Lease;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode.Severity;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Asks the broker again and again which topics there are whose names match a pattern.
 * Everything happens on its executor.
 */
public final class TopicFinder implements SessionUser {

	private static final Logger logger = LoggerFactory.getLogger(TopicFinder.class);

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

	private final String pattern;

	private final String subscription;

	private final ConnectionManager connections;

	private final SerialExecutor executor;

	private final Duration interval;

	private Consumer<Set<String>> found = (names) -> {
	};

	private Consumer<ProtocolException> refused = (cause) -> {
	};

	private @Nullable BrokerSession session;

	/** The number of the present search; what belongs to an earlier one is void. */
	private long search;

	/** Whether one has succeeded. */
	private boolean searched;

	/** Of the search that failed last. */
	private @Nullable ProtocolException lastFailure;

	private volatile boolean closed;

	/**
	 * Creates it.
	 * @param pattern the pattern
	 * @param subscription with which the topics are to be consumed
	 * @param connections where sessions come from
	 * @param timer the client's timer
	 * @param interval how long after one search the next begins
	 */
	public TopicFinder(String pattern, String subscription, ConnectionManager connections, ClientTimer timer,
			Duration interval) {
		this.pattern = pattern;
		this.subscription = subscription;
		this.connections = connections;
		this.executor = new SerialExecutor(timer);
		this.interval = interval;
	}

	/**
	 * Begins.
	 * @param found told of all topics there are, after each search
	 * @param refused told why there will be none, when the broker says so
	 */
	void open(Consumer<Set<String>> found, Consumer<ProtocolException> refused) {
		this.found = found;
		this.refused = refused;
		this.connections.register(this);
	}

	/** Takes it for a refusal if the first search does not succeed within a time. */
	void refuseAfter(Duration patience) {
		this.executor.schedule(patience, () -> {
			if (!this.searched && !this.closed) {
				ProtocolException last = (this.lastFailure != null) ? this.lastFailure : this.connections.lastFailure();
				this.refused.accept(
						Failures.tooLate("Topics that match '" + this.pattern + "' were not found", patience, last));
			}
		});
	}

	void close() {
		this.closed = true;
		this.connections.unregister(this);
	}

	@Override
	public void sessionUp(BrokerSession session) {
		this.executor.moveTo(session.executor());
		this.executor.execute(() -> {
			this.session = session;
			begin();
		});
	}

	@Override
	public void sessionDown(BrokerSession session, ProtocolException cause) {
		this.executor.moveHome();
		this.executor.execute(() -> {
			if (this.session == session) {
				this.session = null;
				this.search++;
			}
		});
	}

	private void begin() {
		ask(++this.search, new TreeSet<>(), "");
	}

	private void ask(long number, Set<String> names, String after) {
		BrokerSession here = this.session;
		if (this.closed || here == null || number != this.search) {
			return;
		}
		here.share().whenComplete((lease, failure) -> this.executor.execute(() -> {
			if (lease == null) {
				failed(number, Failures.of(failure));
			}
			else {
				ask(number, names, after, lease);
			}
		}));
	}

	private void ask(long number, Set<String> names, String after, Lease<RequestStream> lease) {
		RequestStream stream;
		try {
			stream = BrokerSession.streamOf(lease);
		}
		catch (ProtocolException ex) {
			lease.invalidate();
			failed(number, ex);
			return;
		}
		stream.request(new Frame.FindTopics(this.pattern, this.subscription, after), ANSWER_TIMEOUT)
			.whenComplete((answer, failure) -> this.executor.execute(() -> {
				if (answer instanceof Frame.Topics topics) {
					lease.close();
					names.addAll(topics.names());
					answered(number, names, topics.next());
				}
				else {
					lease.invalidate();
					failed(number, Failures.of(failure));
				}
			}));
	}

	private void answered(long number, Set<String> names, @Nullable String next) {
		if (next != null) {
			ask(number, names, next);
		}
		else if (number == this.search && !this.closed) {
			this.searched = true;
			this.found.accept(names);
			later(number);
		}
	}

	private void failed(long number, ProtocolException cause) {
		if (number != this.search || this.closed) {
			return;
		}
		this.lastFailure = cause;
		// What ended the stream or the connection says nothing of the request.
		if (cause.code().retryable() || cause.code().severity() != Severity.REQUEST) {
			logger.debug("Topics that match '{}' were not found; it is tried again", this.pattern, cause);
			later(number);
		}
		else {
			this.refused.accept(cause);
		}
	}

	private void later(long number) {
		this.executor.schedule(this.interval, () -> {
			if (number == this.search) {
				begin();
			}
		});
	}

}
