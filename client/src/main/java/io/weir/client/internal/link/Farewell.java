package io.weir.client.internal.link;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.weir.client.internal.connection.BrokerSession;
import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.ClientTimer.Scheduled;

/**
 * Tells the broker that a {@link Role} is no more, which would else keep its name for as
 * long as the session lasts. Nobody waits for that in vain.
 */
final class Farewell {

	/** For a broker that is there, and does not answer this. */
	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final Role role;

	private final ClientTimer timer;

	Farewell(Role role, ClientTimer timer) {
		this.role = role;
		this.timer = timer;
	}

	/**
	 * Says it, on the stream of the attachment, on which the broker does all in order,
	 * and gives the stream back.
	 * @return completes when the broker has heard it, or is known not to answer
	 */
	CompletionStage<Void> say(Attachment last) {
		last.session().forget(last.id());
		CompletableFuture<Void> tooLate = new CompletableFuture<>();
		Scheduled deadline = this.timer.schedule(TIMEOUT, () -> tooLate.complete(null));
		CompletableFuture<Void> answered = last.stream()
			.request(this.role.farewell(last.id()))
			.handle((answer, failure) -> {
				if (answer != null) {
					answer.release();
					last.lease().close();
				}
				return null;
			});
		return CompletableFuture.anyOf(answered, last.session().silence(), tooLate).thenAccept((first) -> {
			deadline.cancel();
			// Unless it was given back.
			last.lease().invalidate();
		});
	}

	/**
	 * Says it of an attachment whose stream was given up, on any other.
	 * @return as {@link #say}
	 */
	CompletionStage<Void> sayElsewhere(Attachment last) {
		return last.session()
			.share()
			.thenCompose(
					(lease) -> say(new Attachment(last.id(), last.session(), lease, BrokerSession.streamOf(lease))))
			.exceptionally((failure) -> null)
			.toCompletableFuture()
			.completeOnTimeout(null, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
	}

}
