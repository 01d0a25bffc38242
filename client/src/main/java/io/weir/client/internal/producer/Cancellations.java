package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.link.Attachment;
import io.weir.client.internal.schedule.ClientTimer.Scheduled;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Asks the broker to take delayed messages back, once each: who waits while there is no
 * broker is asked for when there is one. Only touched on the producer's executor, where
 * not said otherwise.
 */
final class Cancellations {

	private final List<Cancellation> waiting = new ArrayList<>();

	private final ProducerSettings settings;

	private final SerialExecutor executor;

	private final ProducerStreams streams;

	Cancellations(ProducerSettings settings, SerialExecutor executor, ProducerStreams streams) {
		this.settings = settings;
		this.executor = executor;
		this.streams = streams;
	}

	/**
	 * Asks the broker to take a delayed message back; on any thread.
	 * @param id the id of its receipt
	 * @param refusal why nothing is asked for any more, if that is so
	 * @return whether it was taken back; completed on an event loop or the timer's thread
	 */
	CompletableFuture<Boolean> ask(MessageId id, Supplier<@Nullable ProtocolException> refusal) {
		CompletableFuture<Boolean> done = new CompletableFuture<>();
		if (!id.isKnown()) {
			done.complete(false);
			return done;
		}
		this.executor.execute(() -> {
			ProtocolException cause = refusal.get();
			if (cause != null) {
				fail(done, cause);
			}
			else {
				add(id, done);
			}
		});
		return done;
	}

	private void add(MessageId id, CompletableFuture<Boolean> done) {
		Duration timeout = this.settings.sendTimeout();
		Scheduled deadline = this.executor.schedule(timeout, () -> fail(done, new ProtocolException(ErrorCode.TIMEOUT,
				"No answer within " + timeout.toMillis() + " ms whether message " + id + " was cancelled")));
		done.whenComplete((ignored, failure) -> deadline.cancel());
		this.waiting.add(new Cancellation(id, done));
		if (this.streams.isAttached()) {
			attached();
		}
	}

	/** There is a broker to ask. */
	void attached() {
		Attachment attachment = this.streams.attachment();
		List<Cancellation> now = List.copyOf(this.waiting);
		this.waiting.clear();
		for (Cancellation each : now) {
			if (!each.done.isDone()) {
				request(each, attachment);
			}
		}
	}

	private void request(Cancellation cancellation, Attachment attachment) {
		try {
			attachment.stream()
				.request(new Frame.CancelDelayed(attachment.id(), cancellation.id))
				.whenComplete((answer, failure) -> answered(cancellation.done, answer, failure));
		}
		catch (RuntimeException | Error ex) {
			fail(cancellation.done, Failures.of(ex));
		}
	}

	private void answered(CompletableFuture<Boolean> done, @Nullable Frame answer, @Nullable Throwable failure) {
		if (answer != null) {
			answer.release();
			done.complete(true);
		}
		else if (failure != null) {
			ProtocolException cause = Failures.of(failure);
			if (cause.code() == ErrorCode.NOT_FOUND) {
				done.complete(false);
			}
			else {
				fail(done, cause);
			}
		}
	}

	/** The producer has ended. */
	void end(ProtocolException cause) {
		this.waiting.forEach((each) -> fail(each.done, cause));
		this.waiting.clear();
	}

	private void fail(CompletableFuture<Boolean> done, ProtocolException cause) {
		done.completeExceptionally(this.settings.failures().apply(cause));
	}

	private record Cancellation(MessageId id, CompletableFuture<Boolean> done) {
	}

}
