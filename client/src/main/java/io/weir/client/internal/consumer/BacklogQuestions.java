package io.weir.client.internal.consumer;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.link.Endpoint;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.message.Backlog;
import io.weir.wire.BacklogReport;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Asks the broker for the backlog of the consumer's subscription, one question at a time,
 * whoever wants to know meanwhile. An answer is worth little later, so that nobody waits
 * for a connection. Any thread may ask; all else is done on the consumer's executor.
 */
final class BacklogQuestions {

	private final BrokerChannel channel;

	private final SerialExecutor executor;

	private final Function<ProtocolException, RuntimeException> failures;

	/** Of those who wait for the present answer. */
	private @Nullable CompletableFuture<Backlog> asked;

	/** Why nobody is asked any more. */
	private @Nullable ProtocolException ended;

	BacklogQuestions(ConsumerSettings settings, BrokerChannel channel, SerialExecutor executor) {
		this.channel = channel;
		this.executor = executor;
		this.failures = settings.failures();
	}

	/** Asks. On any thread. */
	CompletableFuture<Backlog> ask() {
		CompletableFuture<Backlog> told = new CompletableFuture<>();
		this.executor.execute(() -> answer().whenComplete((backlog, failure) -> {
			if (failure != null) {
				told.completeExceptionally(failure);
			}
			else {
				told.complete(backlog);
			}
		}));
		return told;
	}

	private CompletableFuture<Backlog> answer() {
		CompletableFuture<Backlog> present = this.asked;
		if (present == null) {
			present = new CompletableFuture<>();
			this.asked = present;
			if (this.ended != null) {
				fail(this.ended);
			}
			else if (this.channel.isAttached()) {
				this.channel.request(Frame.AskBacklog::new, this::answered, this::fail);
			}
			else {
				fail(new ProtocolException(ErrorCode.CONNECTION_LOST, "The consumer is not subscribed now"));
			}
		}
		return present;
	}

	private void answered(Frame answer) {
		BacklogReport report = (answer instanceof Frame.Ok ok) ? ok.backlog() : null;
		if (report == null) {
			fail(new ProtocolException(ErrorCode.PROTOCOL_VIOLATION, "The broker's answer does not tell the backlog"));
			return;
		}
		CompletableFuture<Backlog> told = take();
		if (told != null) {
			told.complete(backlog(report));
		}
	}

	private static Backlog backlog(BacklogReport report) {
		return new Backlog(report.messages(), (report.oldest() >= 0) ? Instant.ofEpochMilli(report.oldest()) : null);
	}

	/** There will be no answer. */
	void fail(ProtocolException cause) {
		CompletableFuture<Backlog> told = take();
		if (told != null) {
			told.completeExceptionally(this.failures.apply(cause));
		}
	}

	/** There will be no answers any more. */
	void end(ProtocolException cause) {
		this.ended = cause;
		fail(cause);
	}

	private @Nullable CompletableFuture<Backlog> take() {
		CompletableFuture<Backlog> told = this.asked;
		this.asked = null;
		return told;
	}

	/** The backlogs of all topics and partitions together, once all are known. */
	static CompletableFuture<Backlog> sum(Stream<CompletableFuture<Backlog>> backlogs) {
		List<CompletableFuture<Backlog>> all = backlogs.toList();
		return Endpoint.all(all.stream()).thenApply((known) -> sum(all.stream().map(CompletableFuture::join).toList()));
	}

	private static Backlog sum(List<Backlog> backlogs) {
		Instant oldest = backlogs.stream()
			.flatMap((backlog) -> Stream.ofNullable(backlog.oldest()))
			.min(Comparator.naturalOrder())
			.orElse(null);
		return new Backlog(backlogs.stream().mapToLong(Backlog::messages).sum(), oldest);
	}

}
