package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * What a consumer asks the broker to do with its subscription: to move or to remove it,
 * one after the other. What is not answered is asked again in the next session. Any
 * thread may ask; all else is done on the consumer's executor.
 */
final class ConsumerRequests {

	/** How long one may take, reconnects included. */
	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Duration AGAIN = Duration.ofSeconds(1);

	private final List<Request> open = new ArrayList<>();

	private final BrokerChannel channel;

	private final SerialExecutor executor;

	private final Function<ProtocolException, RuntimeException> failures;

	private final Runnable changed;

	private final KeptNoLonger keptNoLonger;

	/** Why none is made any more. */
	private @Nullable ProtocolException ended;

	/**
	 * Creates the requests.
	 * @param settings what the consumer was told
	 * @param keptNoLonger hears where the subscription goes on
	 * @param changed runs when a request was added or is over
	 */
	ConsumerRequests(ConsumerSettings settings, KeptNoLonger keptNoLonger, BrokerChannel channel,
			SerialExecutor executor, Runnable changed) {
		this.keptNoLonger = keptNoLonger;
		this.channel = channel;
		this.executor = executor;
		this.failures = settings.failures();
		this.changed = changed;
	}

	/**
	 * Asks. On any thread.
	 * @param what what is asked for, human-readable
	 * @param patient whether to ask again while other consumers stand in the way
	 * @param frame makes the request from the consumer's number
	 * @param agreed runs on the executor when the broker has done it
	 * @return completes after that and what follows from it
	 */
	CompletableFuture<Void> ask(String what, boolean patient, LongFunction<Frame> frame, Runnable agreed) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.executor.execute(() -> askNow(what, patient, frame, () -> {
			agreed.run();
			this.executor.execute(() -> done.complete(null));
		}, (cause) -> done.completeExceptionally(this.failures.apply(cause))));
		return done;
	}

	/**
	 * Asks. On the executor.
	 * @param what what is asked for, human-readable
	 * @param patient whether to ask again while other consumers stand in the way
	 * @param frame makes the request from the consumer's number
	 * @param agreed runs when the broker has done it
	 * @param failed is told why it has not
	 */
	void askNow(String what, boolean patient, LongFunction<Frame> frame, Runnable agreed,
			Consumer<ProtocolException> failed) {
		if (this.ended != null) {
			failed.accept(this.ended);
			return;
		}
		Request request = new Request(what, patient, frame, agreed, failed);
		request.deadline = this.executor.schedule(TIMEOUT, () -> giveUp(request));
		this.open.add(request);
		this.changed.run();
		sendFirst();
	}

	/** Answers to what was sent will not come. */
	void takeBack() {
		this.open.forEach((request) -> request.sent = false);
	}

	boolean isEmpty() {
		return this.open.isEmpty();
	}

	/** Asks for what is open, unless the broker was asked already in this session. */
	void sendFirst() {
		if (this.channel.isAttached() && !this.open.isEmpty() && !this.open.get(0).sent) {
			Request request = this.open.get(0);
			request.sent = true;
			this.channel.request(request, (answer) -> agreed(request, answer), (cause) -> refused(request, cause));
		}
	}

	private void agreed(Request request, Frame answer) {
		if (remove(request)) {
			this.keptNoLonger.agreed(request.asked, answer);
			request.agreed.run();
			this.changed.run();
			sendFirst();
		}
	}

	private void refused(Request request, ProtocolException cause) {
		if (request.isWorthARetry(cause.code())) {
			request.sent = false;
			this.executor.schedule(AGAIN, this::sendFirst);
		}
		else {
			fail(request, cause);
		}
	}

	/** Nobody knows then whether the broker has done it, or will. */
	private void giveUp(Request request) {
		ProtocolException cause = new ProtocolException(ErrorCode.TIMEOUT, "The broker did not answer the request to "
				+ request.what + " within " + TIMEOUT.toMillis() + " ms; it may have been carried out");
		if (this.channel.isAttached()) {
			this.channel.reattach(cause);
		}
		fail(request, cause);
	}

	private void fail(Request request, ProtocolException cause) {
		if (remove(request)) {
			request.failed.accept(cause);
			this.changed.run();
			sendFirst();
		}
	}

	private boolean remove(Request request) {
		request.deadline.cancel();
		return this.open.remove(request);
	}

	/** All fail, and so do those that come later. */
	void end(ProtocolException cause) {
		this.ended = cause;
		List.copyOf(this.open).forEach((request) -> {
			remove(request);
			request.failed.accept(cause);
		});
	}

	private static final class Request implements LongFunction<Frame> {

		private final String what;

		private final boolean patient;

		private final LongFunction<Frame> frame;

		private final Runnable agreed;

		private final Consumer<ProtocolException> failed;

		private ClientTimer.Scheduled deadline = () -> {
		};

		/** As the broker was asked last. */
		private @Nullable Frame asked;

		/** Whether the broker was asked in this session and has not answered. */
		private boolean sent;

		private Request(String what, boolean patient, LongFunction<Frame> frame, Runnable agreed,
				Consumer<ProtocolException> failed) {
			this.what = what;
			this.patient = patient;
			this.frame = frame;
			this.agreed = agreed;
			this.failed = failed;
		}

		@Override
		public Frame apply(long consumerId) {
			Frame asking = this.frame.apply(consumerId);
			this.asked = asking;
			return asking;
		}

		/**
		 * Another consumer that is moving the subscription is done soon; those who keep
		 * it from being removed will stay.
		 */
		private boolean isWorthARetry(ErrorCode code) {
			return code.retryable() && (code != ErrorCode.SUBSCRIPTION_BUSY || this.patient);
		}

	}

}
