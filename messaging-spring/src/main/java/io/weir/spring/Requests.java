package io.weir.spring;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.MessageBuilder;
import io.weir.client.Reader;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

/**
 * Sends messages that want a reply, and hands each its own. Replies come to a topic of
 * this instance, which is read from the first request on. Safe to use from any thread.
 */
final class Requests {

	private static final Logger logger = LoggerFactory.getLogger(Requests.class);

	private final Map<String, CompletableFuture<Message<byte[]>>> waiting = new ConcurrentHashMap<>();

	private final WeirClient client;

	private final String topic;

	private final Duration timeout;

	@GuardedBy("this")
	private @Nullable CompletableFuture<Reader<byte[]>> reader;

	@GuardedBy("this")
	private boolean closed;

	/**
	 * Creates it; nothing is read before the first request.
	 * @param topic where replies come, which no other instance reads
	 * @param timeout how long to wait for a reply
	 */
	Requests(WeirClient client, String topic, Duration timeout) {
		this.client = client;
		this.topic = topic;
		this.timeout = timeout;
	}

	/**
	 * Sends a request.
	 * @return the reply, or {@code TIMEOUT}
	 */
	CompletableFuture<Message<byte[]>> send(MessageBuilder<?> request) {
		String id = UUID.randomUUID().toString();
		CompletableFuture<Message<byte[]>> reply = new CompletableFuture<>();
		this.waiting.put(id, reply);
		reply.whenComplete((message, failure) -> this.waiting.remove(id));
		reply.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		CompletableFuture<MessageId> stored = reader().thenCompose((there) -> sent(request, id));
		stored.whenComplete((sent, failure) -> {
			if (failure != null) {
				reply.completeExceptionally(WeirException.from(failure));
			}
		});
		return reply.exceptionally((failure) -> {
			throw (failure instanceof TimeoutException) ? tooLate(id, stored.isDone()) : WeirException.from(failure);
		});
	}

	private WeirException tooLate(String id, boolean stored) {
		String within = " within " + this.timeout.toMillis() + " ms";
		if (stored) {
			return new WeirException(ErrorCode.TIMEOUT, "No reply to request " + id + within);
		}
		WeirException trouble = this.client.lastFailure();
		return new WeirException(ErrorCode.TIMEOUT, "Request " + id + " was not stored" + within
				+ ((trouble != null) ? "; " + trouble.getMessage() : "") + ". It may yet be");
	}

	private CompletableFuture<MessageId> sent(MessageBuilder<?> request, String id) {
		return request.header(WeirHeaders.REPLY_TOPIC, this.topic).header(WeirHeaders.CORRELATION_ID, id).sendAsync();
	}

	/** The reader, which is there before the request is sent. */
	private synchronized CompletableFuture<Reader<byte[]>> reader() {
		CompletableFuture<Reader<byte[]>> present = this.reader;
		if (this.closed) {
			return CompletableFuture.failedFuture(new WeirException(ErrorCode.CLOSED, "The template was closed"));
		}
		if (present == null || present.isCompletedExceptionally()) {
			present = this.client.reader(Schema.bytes())
				.topic(this.topic)
				.startAt(InitialPosition.LATEST)
				.createAsync();
			this.reader = present;
			present.thenAccept(this::read);
		}
		return present;
	}

	/** Without a deeper stack for each message that is there already. */
	private void read(Reader<byte[]> from) {
		CompletableFuture<Message<byte[]>> next = from.readAsync();
		while (next.isDone() && !next.isCompletedExceptionally()) {
			handOver(next.join());
			next = from.readAsync();
		}
		next.whenComplete((message, failure) -> {
			if (message != null) {
				handOver(message);
				read(from);
			}
			else {
				lost(from, failure);
			}
		});
	}

	private void handOver(Message<byte[]> message) {
		String id = message.headers().get(WeirHeaders.CORRELATION_ID);
		CompletableFuture<Message<byte[]>> reply = (id != null) ? this.waiting.get(id) : null;
		if (reply != null) {
			reply.complete(message);
		}
		else {
			logger.debug("Nobody waits for reply {} to request {}", message.id(), id);
		}
	}

	/** The next request makes another one. */
	private synchronized void lost(Reader<byte[]> from, Throwable failure) {
		if (!this.closed && !(failure instanceof WeirException ended && ended.code() == ErrorCode.CLOSED)) {
			logger.warn("Topic '{}' is not read any more, and replies that come until the next request are lost",
					this.topic, failure);
			this.reader = null;
			from.closeAsync();
		}
	}

	/** Those that wait are told. */
	void close() {
		CompletableFuture<Reader<byte[]>> present;
		synchronized (this) {
			this.closed = true;
			present = this.reader;
		}
		this.waiting.values()
			.forEach((reply) -> reply
				.completeExceptionally(new WeirException(ErrorCode.CLOSED, "The template was closed")));
		if (present != null) {
			present.thenAccept(Reader::closeAsync);
		}
	}

}
